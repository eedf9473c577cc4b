/// SHA-256 of FIPS 180-4: 32 bytes that no two different inputs share.
package struct SHA256: Sendable {
    /// Bytes that the function takes at a time.
    private static let blockSize = 64
    /// Bytes of the length at the end of the last block.
    private static let lengthSize = 8

    private var state: SIMD8<UInt32>
    private var rest: [UInt8] = []
    private var count: UInt64 = 0

    /// The digest of nothing so far.
    package init() {
        state = SIMD8(
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
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
            rest.withUnsafeBytes { Self.compress(&state, $0) }
            rest.removeAll(keepingCapacity: true)
        }
        let whole = (bytes.count - start) / Self.blockSize * Self.blockSize
        if whole > 0 { Self.compress(&state, UnsafeRawBufferPointer(rebasing: bytes[start..<start + whole])) }
        rest += bytes[(start + whole)...]
    }

    /// The digest of all bytes taken in, in lower-case hexadecimal, 64 digits.
    package func hex() -> String {
        var last = rest + [0x80]
        let padding = (2 * Self.blockSize - Self.lengthSize - last.count) % Self.blockSize
        last += [UInt8](repeating: 0, count: padding)
        withUnsafeBytes(of: (count &* 8).bigEndian) { last += $0 }
        var final = state
        last.withUnsafeBytes { Self.compress(&final, $0) }
        return (0..<8).map { word in
            let digits = String(final[word], radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// Takes whole blocks in.
    private static func compress(_ state: inout SIMD8<UInt32>, _ bytes: UnsafeRawBufferPointer) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
            constants.withUnsafeBufferPointer { constants in
                guard let w = schedule.baseAddress, let k = constants.baseAddress else { return }
                for start in stride(from: 0, to: bytes.count, by: blockSize) {
                    expand(bytes, start, w)
                    rounds(&state, w, k)
                }
            }
        }
    }

    @inline(__always)
    private static func expand(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ w: UnsafeMutablePointer<UInt32>) {
        for place in 0..<16 {
            w[place] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * place, as: UInt32.self))
        }
        for place in 16..<64 {
            let (a, b) = (w[place - 15], w[place - 2])
            let small0 = rotate(a, 7) ^ rotate(a, 18) ^ (a &>> 3)
            let small1 = rotate(b, 17) ^ rotate(b, 19) ^ (b &>> 10)
            w[place] = w[place - 16] &+ small0 &+ w[place - 7] &+ small1
        }
    }

    @inline(__always)
    private static func rounds(
        _ state: inout SIMD8<UInt32>, _ w: UnsafeMutablePointer<UInt32>, _ k: UnsafePointer<UInt32>
    ) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for place in 0..<64 {
            let big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let first = h &+ big1 &+ ((e & f) ^ (~e & g)) &+ k[place] &+ w[place]
            let big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let second = big0 &+ ((a & b) ^ (a & c) ^ (b & c))
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ second)
        }
        state &+= SIMD8(a, b, c, d, e, f, g, h)
    }

    @inline(__always)
    private static func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 { (word &>> bits) | (word &<< (32 - bits)) }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = {
        var primes: [UInt32] = []
        var candidate: UInt32 = 2
        while primes.count < 64 {
            if !primes.contains(where: { candidate % $0 == 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes.map { cubeRootFraction($0) }
    }()

    /// ⌊2³² · ∛prime⌋ without its whole part: the largest r with r³ ≤ prime · 2⁹⁶, bit by bit from the top.
    private static func cubeRootFraction(_ prime: UInt32) -> UInt32 {
        let wanted = UInt128(prime) << 96
        var root: UInt128 = 0
        for bit in (0..<36).reversed() {
            let next = root | 1 << UInt128(bit)
            let (square, _) = next.multipliedReportingOverflow(by: next)
            let (cube, overflow) = square.multipliedReportingOverflow(by: next)
            if !overflow, cube <= wanted { root = next }
        }
        return UInt32(truncatingIfNeeded: root)
    }
}
