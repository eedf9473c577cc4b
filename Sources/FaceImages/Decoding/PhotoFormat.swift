/// What a file is, told from its first bytes and never from its name.
enum PhotoFormat: Equatable {
    case jpeg
    case png
    /// A known image format that is not decoded here.
    case unsupported(String)
    case unknown

    /// The format of a file that starts with `bytes`.
    init(_ bytes: UnsafeRawBufferPointer) {
        func starts(_ magic: [UInt8], at offset: Int = 0) -> Bool {
            bytes.count >= offset + magic.count
                && bytes[offset..<offset + magic.count].elementsEqual(magic)
        }
        func text(_ string: StaticString, at offset: Int = 0) -> Bool {
            string.withUTF8Buffer { starts(Array($0), at: offset) }
        }
        if starts([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if text("RIFF") && text("WEBP", at: 8) {
            self = .unsupported("WebP")
        } else if text("GIF8") {
            self = .unsupported("GIF")
        } else if starts([0x49, 0x49, 0x2A, 0x00]) || starts([0x4D, 0x4D, 0x00, 0x2A]) {
            self = .unsupported("TIFF")
        } else if text("ftyp", at: 4) {
            self = .unsupported(Self.isoMediaName(bytes))
        } else if starts([0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]) || starts([0xFF, 0x4F, 0xFF, 0x51]) {
            self = .unsupported("JPEG 2000")
        } else if starts([0xFF, 0x0A]) || starts([0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20]) {
            self = .unsupported("JPEG XL")
        } else if text("BM") && starts([0, 0, 0, 0], at: 6) {
            self = .unsupported("BMP")
        } else {
            self = .unknown
        }
    }

    /// HEIC, AVIF and videos share a container; its brand says which.
    private static func isoMediaName(_ bytes: UnsafeRawBufferPointer) -> String {
        guard bytes.count >= 12 else { return "ISO media" }
        switch String(decoding: bytes[8..<12], as: UTF8.self) {
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1": return "HEIC"
        case "avif", "avis": return "AVIF"
        default: return "ISO media (video)"
        }
    }
}
