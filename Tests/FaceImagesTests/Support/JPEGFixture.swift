import CTurboJPEG
import Testing

/// JPEG files made for tests.
enum JPEGFixture {
    /// Encodes dense pixels of `format`; quality 100, so that little is lost.
    static func encode(
        _ pixels: [UInt8], width: Int, height: Int, format: TJPF = TJPF_BGR, sampling: TJSAMP = TJSAMP_444,
        flags: Int32 = 0
    ) throws -> [UInt8] {
        let handle = try #require(tjInitCompress())
        defer { tjDestroy(handle) }
        var output: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        let status = tjCompress2(
            handle, pixels, Int32(width), 0, Int32(height), Int32(format.rawValue), &output, &size,
            Int32(sampling.rawValue), 100, flags)
        defer { tjFree(output) }
        try #require(status == 0)
        return Array(UnsafeBufferPointer(start: output, count: Int(size)))
    }

    static func encode(_ image: PixelImage, sampling: TJSAMP = TJSAMP_444, flags: Int32 = 0) throws -> [UInt8] {
        try encode(image.bytes, width: image.width, height: image.height, sampling: sampling, flags: flags)
    }

    /// `jpeg` with an APP1 segment that states an EXIF orientation.
    static func withOrientation(_ orientation: UInt8, bigEndian: Bool, _ jpeg: [UInt8]) -> [UInt8] {
        let content = Array("Exif\0\0".utf8) + tiff(orientation: orientation, bigEndian: bigEndian)
        return inserting([0xFF, 0xE1, 0, UInt8(content.count + 2)] + content, afterStartOf: jpeg)
    }

    /// `jpeg` with bytes between its first segment and its second.
    static func inserting(_ bytes: [UInt8], afterFirstSegmentOf jpeg: [UInt8]) -> [UInt8] {
        let second = 4 + Int(jpeg[4]) << 8 + Int(jpeg[5])
        return jpeg[..<second] + bytes + jpeg[second...]
    }

    /// `jpeg` with bytes between its SOI and its first segment.
    static func inserting(_ bytes: [UInt8], afterStartOf jpeg: [UInt8]) -> [UInt8] {
        jpeg[..<2] + bytes + jpeg[2...]
    }

    /// A TIFF block whose directory states an image width and then an orientation.
    static func tiff(orientation: UInt8, bigEndian: Bool) -> [UInt8] {
        bigEndian
            ? [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 2]
                + [1, 0, 0, 3, 0, 0, 0, 1, 0, 99, 0, 0] + [1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
                + [0, 0, 0, 0]
            : [0x49, 0x49, 42, 0, 8, 0, 0, 0, 2, 0]
                + [0, 1, 3, 0, 1, 0, 0, 0, 99, 0, 0, 0] + [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
                + [0, 0, 0, 0]
    }

    /// Where the segment with `marker` starts.
    static func segment(_ marker: UInt8, in jpeg: [UInt8]) throws -> Int {
        var offset = 2
        while offset + 4 <= jpeg.count && jpeg[offset] == 0xFF {
            if jpeg[offset + 1] == marker { return offset }
            offset += 2 + Int(jpeg[offset + 2]) << 8 + Int(jpeg[offset + 3])
        }
        return try #require(nil as Int?, "no segment \(marker)")
    }

    /// `jpeg` with another size in its frame header.
    static func resized(_ jpeg: [UInt8], width: Int, height: Int, frame: UInt8 = 0xC0) throws -> [UInt8] {
        var jpeg = jpeg
        let offset = try segment(frame, in: jpeg)
        jpeg.replaceSubrange(
            offset + 5..<offset + 9,
            with: [UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255)])
        return jpeg
    }
}
