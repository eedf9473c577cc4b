/// What a photo may cost, checked from its header before memory is taken.
public struct DecodeLimits: Sendable, Hashable {
    /// The most pixels (width × height) that a photo may have. Default: 100 million.
    public var maxPixels: Int
    /// The most bytes that a file may have. Default: 1 GiB.
    public var maxFileBytes: Int

    /// The longest side, in pixels, of any photo: JPEG cannot say more, and it bounds the padding of thin images.
    public static let maxSide = 65_535

    /// Limits with the given values.
    public init(maxPixels: Int = 100_000_000, maxFileBytes: Int = 1 << 30) {
        self.maxPixels = maxPixels
        self.maxFileBytes = maxFileBytes
    }

    /// Throws `.tooLarge`, with the figures, unless an image of `width`×`height` pixels may be decoded.
    func check(width: Int, height: Int) throws(FaceImageError) {
        if width > Self.maxSide || height > Self.maxSide {
            throw FaceImageError(
                .tooLarge, what: "the image is \(width)×\(height), more than \(Self.maxSide) pixels on a side",
                mend: "shrink or cut the image")
        }
        let pixels = width * height
        if pixels > maxPixels {
            throw FaceImageError(
                .tooLarge,
                what: "the image is \(width)×\(height), \(pixels) pixels, more than the limit of \(maxPixels)",
                mend: "shrink the image or raise the limit on pixels")
        }
    }
}
