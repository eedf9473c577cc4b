internal import CONNXModel

/// SHA-256 of FIPS 180-4: a name of 32 bytes for any content. No two contents with the same name are known.
package struct SHA256: Sendable {
    /// Bytes that the function takes at a time.
    private static let blockSize = 64
    /// Bytes of the length at the end of the last block.
    private static let lengthSize = 8

    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var rest: [UInt8] = []
    private var count: UInt64 = 0

    /// Whether the processor's own instructions aren't used.
    private let usesPlainCode: Bool

    /// The digest of nothing so far.
    package init() { self.init(usesPlainCode: false) }

    /// The same, with or without the processor's own instructions: the digests are equal.
    init(usesPlainCode: Bool) {
        self.usesPlainCode = usesPlainCode
        rest.reserveCapacity(Self.blockSize)
    }

    /// The digest of `bytes` in lower-case hexadecimal, 64 digits.
    package static func hex(of bytes: some Sequence<UInt8>) -> String {
        var hash = SHA256()
        if bytes.withContiguousStorageIfAvailable({ hash.update(UnsafeRawBufferPointer($0)) }) == nil {
            hash.update(Array(bytes))
        }
        return hash.hex()
    }

    /// Takes further bytes in.
    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Takes further bytes in.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        count &+= UInt64(bytes.count)
        var start = 0
        if !rest.isEmpty {
            start = min(Self.blockSize - rest.count, bytes.count)
            rest += bytes[..<start]
            guard rest.count == Self.blockSize else { return }
            rest.withUnsafeBytes { [usesPlainCode] in Self.compress(&state, $0, plain: usesPlainCode) }
            rest.removeAll(keepingCapacity: true)
        }
        let whole = (bytes.count - start) / Self.blockSize * Self.blockSize
        if whole > 0 {
            let blocks = UnsafeRawBufferPointer(rebasing: bytes[start..<start + whole])
            Self.compress(&state, blocks, plain: usesPlainCode)
        }
        rest += bytes[(start + whole)...]
    }

    /// The digest of all bytes taken in, in lower-case hexadecimal, 64 digits.
    package func hex() -> String {
        var last = rest + [0x80]
        let padding = (2 * Self.blockSize - Self.lengthSize - last.count) % Self.blockSize
        last += [UInt8](repeating: 0, count: padding)
        withUnsafeBytes(of: (count &* 8).bigEndian) { last += $0 }
        var final = state
        last.withUnsafeBytes { Self.compress(&final, $0, plain: usesPlainCode) }
        return (0..<8).map { word in
            let digits = String(final[word], radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// Takes whole blocks in.
    private static func compress(_ state: inout [UInt32], _ bytes: UnsafeRawBufferPointer, plain: Bool) {
        guard let base = bytes.baseAddress else { return }
        state.withUnsafeMutableBufferPointer { words in
            guard let words = words.baseAddress else { return }
            conn_sha256_compress(words, base, bytes.count / blockSize, plain ? 1 : 0)
        }
    }
}
