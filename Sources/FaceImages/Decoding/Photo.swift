import CFaceImages

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An upright photo: `height` rows of `width` BGR pixels, 8 bits a channel, in one buffer that it owns.
///
/// The buffer is padded with black on the right and at the bottom to multiples of 32 pixels, so that a detector whose
/// strides divide 32 takes it as it is: it holds `paddedHeight` rows of `paddedWidth` pixels without gaps.
///
/// The pixels do not change once a decoder has returned the photo.
package final class Photo: Sendable {
    /// Width in pixels, without padding.
    package let width: Int
    /// Height in pixels, without padding.
    package let height: Int
    /// The oddities that the decoder passed over, such as stray bytes between segments; in the decoder's words.
    package let warnings: [String]

    /// Sides are padded to multiples of this, the coarsest stride of the detector.
    package static let sideMultiple = 32

    /// Written by the decoder that creates the photo, before anything else sees it; only read from then on.
    nonisolated(unsafe) let pixels: UnsafeMutablePointer<UInt8>

    /// Width of the buffer in pixels, a multiple of 32.
    package var paddedWidth: Int { Self.padded(width) }
    /// Height of the buffer in pixels, a multiple of 32.
    package var paddedHeight: Int { Self.padded(height) }
    /// Bytes from one row to the next: `paddedWidth * 3`.
    package var rowBytes: Int { paddedWidth * 3 }
    /// Bytes of the buffer: `rowBytes * paddedHeight`.
    package var byteCount: Int { rowBytes * paddedHeight }

    /// A photo of `width`×`height` pixels (both at least 1) whose padding is black. `fill` gets the first pixel and
    /// the bytes from row to row, must write every pixel, and returns the warnings.
    /// Throws `.outOfMemory`, or what `fill` throws.
    package convenience init(
        width: Int, height: Int,
        fill: (_ pixels: UnsafeMutablePointer<UInt8>, _ rowBytes: Int) throws(FaceImageError) -> [String]
    ) throws(FaceImageError) {
        let byteCount = Self.padded(width) * Self.padded(height) * 3
        guard let memory = malloc(byteCount) else {
            throw FaceImageError(
                .outOfMemory, what: "no memory for \(byteCount) bytes of pixels",
                mend: "lower the limit on pixels or use fewer threads")
        }
        let pixels = memory.bindMemory(to: UInt8.self, capacity: byteCount)
        fi_clear_padding(pixels, Int32(width), Int32(height), Self.padded(width) * 3, Int32(Self.padded(height)))
        let warnings: [String]
        do {
            warnings = try fill(pixels, Self.padded(width) * 3)
        } catch {
            free(memory)
            throw error
        }
        self.init(width: width, height: height, pixels: pixels, warnings: warnings)
    }

    private init(width: Int, height: Int, pixels: UnsafeMutablePointer<UInt8>, warnings: [String]) {
        self.width = width
        self.height = height
        self.pixels = pixels
        self.warnings = warnings
    }

    deinit {
        free(pixels)
    }

    /// Calls `body` with the whole buffer, padding included; the pointer is valid during the call.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: pixels, count: byteCount))
    }

    /// The photo as the C loops take it. The caller keeps the photo alive.
    var image: FIImage {
        FIImage(pixels: pixels, width: Int32(width), height: Int32(height), row_bytes: rowBytes)
    }

    private static func padded(_ side: Int) -> Int {
        side.roundedUp(to: sideMultiple)
    }
}
