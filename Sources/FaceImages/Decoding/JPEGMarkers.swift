/// What the segments before a JPEG's first scan say (ITU-T T.81, annex B), read without decoding.
struct JPEGMarkers {
    /// Width and height of the frame; nil if the file ends before its frame header.
    private(set) var size: (width: Int, height: Int)?
    /// Colour components of the frame.
    private(set) var components = 0
    /// True if an Adobe APP14 segment is there: four-component samples are then stored inverted.
    private(set) var hasAdobeSegment = false
    /// The orientation that EXIF states.
    private(set) var orientation = ExifOrientation.upright
    /// Where the first scan's header starts; nil if the file ends before it.
    private(set) var scanOffset: Int?

    /// Reads the segments of a file that starts with SOI, as far as they go.
    init(_ bytes: UnsafeRawBufferPointer) {
        var offset = 2
        while let (marker, start) = Self.nextMarker(bytes, from: offset) {
            offset = start
            switch marker {
            case 0x01, 0xD0...0xD8: continue
            case 0xD9: return
            case 0xDA:
                scanOffset = start
                return
            default: break
            }
            guard start + 2 <= bytes.count else { return }
            let length = Int(bytes[start]) << 8 | Int(bytes[start + 1])
            guard length >= 2, start + length <= bytes.count else { return }
            read(marker, UnsafeRawBufferPointer(rebasing: bytes[start + 2..<start + length]))
            offset = start + length
        }
    }

    /// True if an end-of-image marker follows the first scan.
    func endsProperly(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard var offset = scanOffset else { return false }
        while let (marker, start) = Self.nextMarker(bytes, from: offset) {
            if marker == 0xD9 { return true }
            offset = start
        }
        return false
    }

    /// The first marker at or after `offset`, and the offset behind it. Stuffed zeros and fill bytes are no markers.
    private static func nextMarker(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> (UInt8, Int)? {
        var offset = offset
        while offset + 1 < bytes.count {
            if bytes[offset] == 0xFF && bytes[offset + 1] != 0x00 && bytes[offset + 1] != 0xFF {
                return (bytes[offset + 1], offset + 2)
            }
            offset += 1
        }
        return nil
    }

    private mutating func read(_ marker: UInt8, _ segment: UnsafeRawBufferPointer) {
        switch marker {
        case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
            guard segment.count >= 6, size == nil else { return }
            size = (Int(segment[3]) << 8 | Int(segment[4]), Int(segment[1]) << 8 | Int(segment[2]))
            components = Int(segment[5])
        case 0xE1:
            let signature: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0x00, 0x00]
            guard segment.starts(with: signature), orientation == .upright else { return }
            orientation = ExifOrientation(tiff: UnsafeRawBufferPointer(rebasing: segment[signature.count...]))
        case 0xEE:
            if segment.count >= 12 && segment.starts(with: Array("Adobe".utf8)) { hasAdobeSegment = true }
        default: break
        }
    }
}
