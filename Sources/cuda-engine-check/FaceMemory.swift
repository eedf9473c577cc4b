import ArcFaceTensorRT
import FaceImages

/// A caller's memory for one large call: faces, and room for their embeddings.
final class FaceMemory: @unchecked Sendable {
    private let pixels: UnsafeMutableRawBufferPointer
    private let rows: UnsafeMutableBufferPointer<Float>
    private let width: Int
    /// The same faces as users have them.
    private let batch: FaceBatch
    let count: Int

    /// - Parameters:
    ///   - faces: uint8 [N, 112, 112, 3], repeated until the memory is full.
    ///   - count: faces that there is room for.
    ///   - width: numbers of an embedding.
    /// - Throws: never, as long as `faces` are whole faces.
    init(_ faces: [UInt8], count: Int, width: Int) throws {
        let pixels = UnsafeMutableRawBufferPointer.allocate(
            byteCount: count * FaceBatch.bytesPerFace, alignment: 4096)
        for start in stride(from: 0, to: pixels.count, by: faces.count) {
            let part = faces.prefix(pixels.count - start)
            part.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: pixels[start...]).copyMemory(from: $0) }
        }
        self.pixels = pixels
        rows = .allocate(capacity: count * width)
        rows.initialize(repeating: .nan)
        self.width = width
        self.count = count
        batch = try FaceBatch(count: count, pixels: Array(pixels))
    }

    deinit {
        pixels.deallocate()
        rows.deallocate()
    }

    /// Embeds `count` faces from one on; callers at the same time keep to different ones.
    func embed(
        from first: Int, _ count: Int, with runtime: any DissectedRuntime, along path: BatchPath
    ) throws(ArcFaceError) {
        let (pixels, rows) = part(first, count)
        try runtime.embed(pixels, count: count, into: rows, along: path)
    }

    /// Embeds all faces as users do.
    func embed(with runtime: any EmbeddingRuntime) throws(ArcFaceError) {
        _ = try runtime.embeddings(of: batch)
    }

    /// Embeds the first `count` faces, stage after stage.
    func embedTimed(_ count: Int, with runtime: any StageTimedRuntime) throws(ArcFaceError) -> StageTimes {
        let (pixels, rows) = part(0, count)
        return try runtime.embedTimed(pixels, count: count, into: rows)
    }

    private func part(_ first: Int, _ count: Int) -> (UnsafeRawBufferPointer, UnsafeMutableBufferPointer<Float>) {
        let bytes = first * FaceBatch.bytesPerFace..<(first + count) * FaceBatch.bytesPerFace
        return (
            UnsafeRawBufferPointer(rebasing: pixels[bytes]),
            UnsafeMutableBufferPointer(rebasing: rows[first * width..<(first + count) * width])
        )
    }
}
