import ArcFaceTensorRT
import FaceImages

/// Whether a face's embedding depends on the faces beside it, and on its place among them.
struct RowCheck {
    private let runtime: any EmbeddingRuntime
    private let pixels: [UInt8]
    private let together: [Float]
    private let width: Int
    private var count: Int { together.count / width }

    /// - Parameters:
    ///   - runtime: the engine.
    ///   - pixels: uint8 [N, 112, 112, 3], BGR.
    ///   - together: the embeddings of all of them in one call, float [N, D].
    init(_ runtime: any EmbeddingRuntime, _ pixels: [UInt8], together: [Float]) {
        self.runtime = runtime
        self.pixels = pixels
        self.together = together
        width = runtime.information.embeddingWidth
    }

    /// Holds some rows against their faces alone. Small batches sum in parts that large ones don't, so these are equal within
    /// the rounding of float32 sums.
    ///
    /// - Returns: how many were looked at, how many differ in a bit, and the least cosine.
    func alone() throws -> [String: Any] {
        var looked = 0
        var differing = 0
        var least = 1.0
        for face in stride(from: 0, to: count, by: max(1, count / 64)) {
            let alone = try embed([face])
            let row = Array(together[face * width..<(face + 1) * width])
            looked += 1
            if alone != row { differing += 1 }
            least = min(least, Self.cosine(alone, row))
        }
        return ["rows_alone": looked, "rows_that_differ_alone": differing, "least_cosine_alone": least]
    }

    /// Embeds as many faces as the largest batch takes in another order: every bit must be the same.
    ///
    /// - Returns: how many were looked at, and how many differ in a bit.
    func elsewhere() throws -> [String: Any] {
        let batch = min(count, (runtime as? any EngineEmbedding)?.batchSizes.last ?? count)
        let order = (0..<batch).map { ($0 + batch / 3) % batch }
        let first = try embed(Array(0..<batch))
        let moved = try embed(order)
        let differing = order.indices.filter { place in
            moved[place * width..<(place + 1) * width] != first[order[place] * width..<(order[place] + 1) * width]
        }
        return ["rows_elsewhere": batch, "rows_that_differ_elsewhere": differing.count]
    }

    private func embed(_ faces: [Int]) throws -> [Float] {
        let size = FaceBatch.bytesPerFace
        let chosen = faces.flatMap { pixels[$0 * size..<($0 + 1) * size] }
        return try runtime.rawEmbeddings(of: FaceBatch(count: faces.count, pixels: chosen))
    }

    private static func cosine(_ a: [Float], _ b: [Float]) -> Double {
        func dot(_ x: [Float], _ y: [Float]) -> Double { zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }
}
