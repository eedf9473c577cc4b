/// The 32 bytes of a SHA-256. Written as 64 lower-case hexadecimal digits, in JSON too; ordered as those are.
package struct Digest: Hashable, Sendable {
    /// The bytes, in fours of eight, each number's most significant byte first.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes the bytes from `fill`, which must write all 32.
    init(filledBy fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        var bytes = SIMD32<UInt8>()
        withUnsafeMutableBytes(of: &bytes) { raw in
            raw.withMemoryRebound(to: UInt8.self) { buffer in
                if let base = buffer.baseAddress { fill(base) }
            }
        }
        words = withUnsafeBytes(of: bytes) { raw in
            func word(_ index: Int) -> UInt64 {
                UInt64(bigEndian: raw.load(fromByteOffset: index * 8, as: UInt64.self))
            }
            return (word(0), word(1), word(2), word(3))
        }
    }

    /// The digest that these 32 bytes are; nil for another number of bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init { target in
            for (index, byte) in bytes.enumerated() { target[index] = byte }
        }
    }

    /// The digest that 64 hexadecimal digits of either case spell; nil for any other text.
    package init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(of: digits[index]), let low = Self.value(of: digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.init(bytes: bytes)
    }

    /// How many bytes a digest has.
    package static let byteCount = 32

    /// The 32 bytes.
    package var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The first twelve hexadecimal digits: enough to tell files apart in a message, never to compare them.
    package var short: String { String(hex.prefix(12)) }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    package static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    package func hash(into hasher: inout Hasher) {
        // Any eight bytes of a digest are as evenly spread as all of it.
        hasher.combine(words.0)
    }
}

extension Digest: Comparable {
    package static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }
}

extension Digest: CustomStringConvertible {
    package var description: String { hex }
}

extension Digest: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(hex: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a SHA-256 digest has 64 hexadecimal digits")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}
