/// `input`: limits on what is read.
public struct InputConfiguration: Sendable, Equatable {
    /// `input.max_pixels`: a photo whose header claims more pixels (width × height) is refused before any memory is
    /// allocated for it, 1 to 2147483647.
    public var maxPixels: Int

    /// Makes the settings; what isn't given has its default.
    public init(maxPixels: Int = 100_000_000) {
        self.maxPixels = maxPixels
    }
}
