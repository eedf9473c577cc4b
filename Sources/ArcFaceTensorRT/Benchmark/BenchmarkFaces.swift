import FaceImages

/// The faces that a benchmark embeds, in memory that doesn't move.
final class BenchmarkFaces: Sendable {
    /// What they are, for reports.
    let label: String
    /// Whether embeddings of them can be compared: noise is no face, and quantised networks aren't made for it.
    let areReal: Bool
    /// uint8 [N, 112, 112, 3].
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    /// Takes the named faces, else the demo's, else noise.
    ///
    /// - Throws: `ArcFaceError` if the faces that are named can't be had.
    convenience init(
        _ count: Int, paths: [String], configuration: ArcFaceConfiguration
    ) throws(ArcFaceError) {
        do throws(ArcFaceError) {
            let source = try FaceSource(
                FaceSource.Options(paths: paths, count: count, allowsFewer: true), configuration: configuration)
            self.init(count, of: try source.load())
        } catch {
            guard paths.isEmpty, [.inputMissing, .modelMissing, .unavailable].contains(error.code) else { throw error }
            self.init(noise: count)
        }
    }

    /// As many faces, repeated where the set has fewer.
    private init(_ count: Int, of set: FaceSet) {
        bytes = .allocate(byteCount: count * FaceBatch.bytesPerFace, alignment: 64)
        for place in bytes.indices { bytes[place] = set.faces.pixels[place % set.faces.pixels.count] }
        label = set.label
        areReal = true
    }

    private init(noise count: Int) {
        bytes = .allocate(byteCount: count * FaceBatch.bytesPerFace, alignment: 64)
        var state: UInt32 = 1
        for place in bytes.indices {
            // Numerical Recipes' linear congruence: its high bits are random enough for pixels.
            state = state &* 1_664_525 &+ 1_013_904_223
            bytes[place] = UInt8(state >> 24)
        }
        label = "noise"
        areReal = false
    }

    deinit { bytes.deallocate() }
}
