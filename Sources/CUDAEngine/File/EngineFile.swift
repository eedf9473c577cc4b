internal import Digests

/// An engine as one file: a head, the plan, the kernels' machine code, the weights.
///
/// The head is 80 bytes: the mark `ARCFCUDA`, the format's version, three sizes, and the SHA-256 of everything behind it, so that
/// an altered byte is found even where nobody kept the file's digest. The weights start at a multiple of 256 bytes.
package struct EngineFile: Sendable {
    package var plan: EnginePlan
    /// One image for each of the plan's kernels.
    package var cubins: [[UInt8]]
    /// Where the weights are in the file.
    package let weightsRange: Range<Int>

    private static let mark = Array("ARCFCUDA".utf8)
    /// The format that this version writes and reads. Raised with every change of the plan, the layouts or the kernels' arguments.
    package static let formatVersion = 2
    private static let version = UInt32(formatVersion)
    private static let headByteCount = 80
    private static let digestRange = 40..<72

    /// Whether a file that begins with `bytes` is an engine of ours.
    package static func isEngine(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: mark) }

    /// The bytes of an engine.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - cubins: an image for each of its kernels.
    ///   - weights: the packed weights.
    /// - Returns: the file.
    package static func bytes(plan: EnginePlan, cubins: [[UInt8]], weights: [UInt8]) -> [UInt8] {
        var body = ByteWriter()
        plan.write(to: &body)
        body.write(cubins) { $0.write(data: $1) }
        let lead = (headByteCount + body.bytes.count).padding(to: WeightsBlob.alignment)
        var rest = body.bytes + Array(repeating: 0, count: lead)
        rest += weights
        var head = ByteWriter()
        for byte in mark { head.write(byte) }
        head.write(version)
        head.write(UInt32(0))
        head.write(body.bytes.count)
        head.write(lead)
        head.write(weights.count)
        let digest = Digest.of(rest)
        for byte in digest.bytes { head.write(byte) }
        return head.bytes + Array(repeating: 0, count: headByteCount - head.bytes.count) + rest
    }

    /// Reads an engine and checks all of it.
    ///
    /// - Parameter bytes: the file.
    /// - Throws: `engineDamaged` if it is no engine of ours, or altered; `engineOfOtherVersion`.
    package init(_ bytes: UnsafeRawBufferPointer) throws(CUDAEngineError) {
        guard bytes.count >= Self.headByteCount, Self.isEngine(bytes) else {
            throw CUDAEngineError(
                .engineDamaged, "these bytes are no engine of our own runtime", mend: "build it with --runtime cuda")
        }
        var head = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[Self.mark.count...]))
        let version = try head.integer(UInt32.self)
        guard version == Self.version else {
            throw CUDAEngineError(
                .engineOfOtherVersion, "the engine has format \(version); this version reads \(Self.version)",
                mend: "build it again")
        }
        guard try head.integer(UInt32.self) == 0,
            bytes[Self.digestRange.upperBound..<Self.headByteCount].allSatisfy({ $0 == 0 })
        else { throw ByteReader.damaged("its head holds what it shouldn't") }
        let (body, lead, weights) = (try head.int(), try head.int(), try head.int())
        let size = bytes.count - Self.headByteCount
        guard (0...size).contains(body), (0..<WeightsBlob.alignment).contains(lead), (0...size).contains(weights),
            body + lead + weights == size
        else { throw ByteReader.damaged("its parts don't fill the file") }
        let stored = bytes[Self.digestRange]
        let rest = UnsafeRawBufferPointer(rebasing: bytes[Self.headByteCount...])
        guard Digest.of(rest).bytes.elementsEqual(stored) else {
            throw ByteReader.damaged("its digest isn't the one it names")
        }
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: rest[..<body]))
        plan = try EnginePlan(from: &reader)
        cubins = try reader.array { (reader) throws(CUDAEngineError) in
            try reader.data()
        }
        guard reader.isAtEnd, cubins.count == plan.kernels.count, plan.weightsByteCount == weights else {
            throw ByteReader.damaged("plan, kernels and weights don't go together")
        }
        weightsRange = bytes.count - weights..<bytes.count
    }
}
