import FaceImages

/// A dense BGR image that tests make and compare.
struct PixelImage: Equatable {
    let width: Int
    let height: Int
    var bytes: [UInt8]

    init(width: Int, height: Int, _ pixel: (_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8)) {
        self.width = width
        self.height = height
        bytes = []
        for y in 0..<height {
            for x in 0..<width {
                let (blue, green, red) = pixel(x, y)
                bytes += [blue, green, red]
            }
        }
    }

    /// The visible part of a photo.
    init(_ photo: Photo) {
        width = photo.width
        height = photo.height
        let rowBytes = photo.rowBytes, used = photo.width * 3
        bytes = photo.withUnsafeBytes { buffer in
            (0..<photo.height).flatMap { Array(buffer[$0 * rowBytes..<$0 * rowBytes + used]) }
        }
    }

    subscript(x: Int, y: Int) -> [UInt8] {
        Array(bytes[(y * width + x) * 3..<(y * width + x) * 3 + 3])
    }

    /// The greatest difference of two channels, or nil if the sizes differ.
    func greatestDifference(to other: PixelImage) -> Int? {
        guard width == other.width, height == other.height else { return nil }
        return zip(bytes, other.bytes).map { abs(Int($0) - Int($1)) }.max()
    }

    /// The image as a photo.
    func photo() throws -> Photo {
        let image = self
        return try Photo(width: width, height: height) { (pixels, rowBytes) in
            for y in 0..<image.height {
                for x in 0..<image.width * 3 { pixels[y * rowBytes + x] = image.bytes[y * image.width * 3 + x] }
            }
            return []
        }
    }

    /// A soft image without symmetry, which JPEG keeps nearly as it is.
    static func soft(width: Int, height: Int) -> PixelImage {
        PixelImage(width: width, height: height) { x, y in
            (UInt8(40 + 150 * x / width), UInt8(50 + 160 * y / height), UInt8(200 - 60 * x / width - 70 * y / height))
        }
    }

    /// An image in which all neighbours differ.
    static func busy(width: Int, height: Int) -> PixelImage {
        PixelImage(width: width, height: height) { x, y in
            let mixed = UInt32(truncatingIfNeeded: x &* 7_919 &+ y &* 104_729) &* 2_654_435_761
            return (UInt8(mixed >> 24), UInt8(mixed >> 16 & 255), UInt8(mixed >> 8 & 255))
        }
    }
}

/// Decodes bytes with a decoder of its own.
func decode(_ bytes: [UInt8], limits: DecodeLimits = DecodeLimits()) throws -> Photo {
    let decoder = try PhotoDecoder()
    return try bytes.withUnsafeBytes { try decoder.decode(bytes: $0, limits: limits) }
}

/// The error that decoding `bytes` ends with; nil if it succeeds.
func decodingError(_ bytes: [UInt8], limits: DecodeLimits = DecodeLimits()) -> FaceImageError? {
    do {
        _ = try decode(bytes, limits: limits)
        return nil
    } catch {
        return error as? FaceImageError
    }
}
