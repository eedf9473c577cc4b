/// How stored pixels relate to the upright image, numbered as EXIF does (Exif 2.32, tag 274).
enum ExifOrientation: Int, CaseIterable, Sendable {
    case upright = 1
    case mirrored = 2
    case turned180 = 3
    case flipped = 4
    case transposed = 5
    /// Stored turned to the left; a quarter turn clockwise makes it upright.
    case needsClockwise = 6
    case transversed = 7
    /// Stored turned to the right; a quarter turn anticlockwise makes it upright.
    case needsAnticlockwise = 8

    /// True if the upright image is as wide as the stored one is high.
    var exchangesSides: Bool { rawValue >= 5 }

    /// The orientation that a TIFF block (the content of a PNG `eXIf` chunk, or of a JPEG APP1 segment after
    /// `Exif\0\0`) states in its first directory; upright if it states none or is damaged, as viewers take it.
    init(tiff: UnsafeRawBufferPointer) {
        self = Self.read(tiff) ?? .upright
    }

    private static func read(_ tiff: UnsafeRawBufferPointer) -> ExifOrientation? {
        guard tiff.count >= 8 else { return nil }
        let littleEndian: Bool
        switch (tiff[0], tiff[1]) {
        case (0x49, 0x49): littleEndian = true
        case (0x4D, 0x4D): littleEndian = false
        default: return nil
        }
        func unsigned16(_ offset: Int) -> Int? {
            guard offset >= 0, offset + 2 <= tiff.count else { return nil }
            let first = Int(tiff[offset]), second = Int(tiff[offset + 1])
            return littleEndian ? second << 8 | first : first << 8 | second
        }
        func unsigned32(_ offset: Int) -> Int? {
            guard let first = unsigned16(offset), let second = unsigned16(offset + 2) else { return nil }
            return littleEndian ? second << 16 | first : first << 16 | second
        }
        guard unsigned16(2) == 42, let directory = unsigned32(4), let count = unsigned16(directory) else { return nil }
        for entry in 0..<count {
            let offset = directory + 2 + entry * 12
            guard let tag = unsigned16(offset), let type = unsigned16(offset + 2) else { return nil }
            guard tag == 274 else { continue }
            // SHORT by the standard; some writers use LONG.
            let value = type == 4 ? unsigned32(offset + 8) : type == 3 ? unsigned16(offset + 8) : nil
            return value.flatMap(ExifOrientation.init(rawValue:))
        }
        return nil
    }
}
