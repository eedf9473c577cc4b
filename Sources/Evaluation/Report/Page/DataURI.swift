internal import Foundation

/// An image inside the page itself.
package struct DataURI: Sendable {
    /// `data:image/jpeg;base64,…`, safe inside a quoted attribute and inside CSS's `url("…")`.
    package let text: String

    package enum MediaType: String, Sendable {
        case jpeg = "image/jpeg"
        case png = "image/png"
    }

    /// - Parameters:
    ///   - type: The file format of the bytes.
    ///   - bytes: A whole JPEG or PNG file.
    package init(_ type: MediaType, bytes: some Collection<UInt8>) {
        text = "data:\(type.rawValue);base64,\(Data(bytes).base64EncodedString())"
    }
}
