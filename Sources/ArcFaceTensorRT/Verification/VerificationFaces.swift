import FaceImages
import Foundation
import Synchronization

/// The photos that pairs name, as aligned faces and then as embeddings: some at a time, as all of them needn't fit into
/// memory.
struct VerificationFaces {
    /// Photos that are in memory at a time.
    private static let chunk = 256

    private let photos: PhotoList
    private let preparer: PhotoPreparer.Settings
    private let detector: DetectorOnDemand
    private let threads: Int

    /// Embeddings of all photos by one runtime.
    struct Embeddings {
        let width: Int
        /// float32 [N, D], raw; NaN for photos that gave no face.
        var raw: [Float] = []
    }

    /// - Parameters:
    ///   - photos: the paths, in the order of the embeddings.
    ///   - aligned: whether all of them must be crops.
    ///   - configuration: `detection`, `input` and `onnxruntime` are used.
    init(_ photos: PhotoList, aligned: Bool, configuration: ArcFaceConfiguration) {
        self.photos = photos
        let detector = DetectorOnDemand { () throws(ArcFaceError) in
            try YuNetDetector(configuration: configuration, library: try BackendChoice.library(configuration))
        }
        self.detector = detector
        // Pairs say which person a photo shows, not which of several faces: the largest, as is usual.
        preparer = PhotoPreparer.Settings(
            inputs: photos, source: aligned ? .aligned : .cropsOrPhotos(detector), selection: .largest,
            limits: DecodeLimits(maxPixels: configuration.input.maxPixels))
        threads = configuration.onnxRuntime.threadCount
    }

    /// Embeds all photos with each runtime.
    ///
    /// - Parameters:
    ///   - runtimes: what embeds them.
    ///   - flip: whether the embedding of the mirrored face is added to each.
    ///   - shouldStop: asked before each photo and batch, from any thread; true ends it with the code `cancelled`.
    ///   - report: told of failures and of progress.
    /// - Returns: embeddings by each runtime, and why photos gave none, by their places.
    /// - Throws: `ArcFaceError` if the detector can't be loaded, or with a runtime's own message.
    func embeddings(
        _ runtimes: [any EmbeddingRuntime], flip: Bool, shouldStop: @escaping @Sendable () -> Bool = { false },
        report: @Sendable (ModelCheck.Event) -> Void
    ) throws(ArcFaceError) -> (embeddings: [Embeddings], failures: [Int: String]) {
        var embeddings = runtimes.map { Embeddings(width: $0.information.embeddingWidth) }
        var failures: [Int: String] = [:]
        for start in stride(from: 0, to: photos.count, by: Self.chunk) {
            let range = start..<min(start + Self.chunk, photos.count)
            let prepared = try prepare(range, shouldStop: shouldStop)
            var faces = FaceBatch(capacity: range.count)
            for input in prepared {
                if let face = input.faces.first {
                    faces.append(contentsOf: face.pixels)
                } else {
                    let reason = input.failures.first?.message ?? "\(input.image): no face"
                    failures[input.index] = reason
                    report(.failed(reason))
                }
            }
            let mirrored = try flip ? Self.mirrored(faces) : FaceBatch()
            for (number, runtime) in runtimes.enumerated() {
                var raw = try runtime.rawEmbeddings(of: faces, shouldStop: shouldStop)
                if flip {
                    let added = try runtime.rawEmbeddings(of: mirrored, shouldStop: shouldStop)
                    for place in raw.indices { raw[place] += added[place] }
                }
                embeddings[number].append(raw, of: prepared)
            }
            report(.progress(range.upperBound, of: photos.count))
        }
        return (embeddings, failures)
    }

    private static func mirrored(_ faces: FaceBatch) throws(ArcFaceError) -> FaceBatch {
        do throws(FaceImageError) {
            return try faces.mirrored()
        } catch {
            throw ArcFaceError(.invalidInput, error.description)
        }
    }

    /// Decodes, finds and aligns on all threads.
    private func prepare(
        _ range: Range<Int>, shouldStop: @escaping @Sendable () -> Bool
    ) throws(ArcFaceError) -> [PreparedInput] {
        let prepared = Mutex([PreparedInput]())
        let next = Atomic(range.lowerBound)
        DispatchQueue.concurrentPerform(iterations: min(threads, range.count)) { _ in
            let preparer = PhotoPreparer(preparer)
            while detector.failure == nil, !shouldStop() {
                let photo = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard photo < range.upperBound else { return }
                let input = preparer.prepare(input: photo)
                prepared.withLock { $0.append(input) }
            }
        }
        if let failure = detector.failure { throw failure }
        if shouldStop() { throw .cancelled }
        return prepared.withLock { $0.sorted { $0.index < $1.index } }
    }
}

extension VerificationFaces.Embeddings {
    /// Appends a row for each photo; `faces` has rows for those with a face alone.
    fileprivate mutating func append(_ faces: [Float], of photos: [PreparedInput]) {
        var row = 0
        for photo in photos {
            if photo.faces.isEmpty {
                raw.append(contentsOf: repeatElement(.nan, count: width))
            } else {
                raw.append(contentsOf: faces[row * width..<(row + 1) * width])
                row += 1
            }
        }
    }
}
