/// An object as a listing or a look at it shows it.
package struct S3Object: Sendable, Equatable {
    /// The whole key.
    package var key: String
    /// The size in bytes.
    package var size: Int
    /// What changes with the content; with its quotes.
    package var etag: String
}
