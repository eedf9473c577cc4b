import Dispatch

/// The photos of a job, embedded one after another as somebody asks for them: see `runTensorRTEmbeddings(_:configuration:options:)`.
///
/// Photos come in the order of the paths, folders in sorted order. Work goes on while the loop's body runs, a bounded number
/// of photos ahead. Each loop does the work anew; leaving one stops it.
public struct EmbeddedPhotos: AsyncSequence, Sendable {
    /// What one photo gave.
    public typealias Element = PhotoEmbeddings

    private let plan: EmbeddingPlan

    init(_ plan: EmbeddingPlan) {
        self.plan = plan
    }

    /// How many photos there are.
    public var count: Int { plan.inputs.count }
    /// What runs where.
    public var information: EmbedderInformation { plan.runtime.information }
    /// What isn't as it was asked for: paths without photos, a backend that isn't used, an engine that couldn't be built.
    public var warnings: [String] {
        plan.inputs.problems.map(\.description) + plan.warnings
            + ((plan.runtime as? BackgroundEngine)?.warnings ?? [])
    }

    /// Begins to embed.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(plan) }

    /// One loop over the photos.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let run: EmbeddingRun

        init(_ plan: EmbeddingPlan) {
            run = EmbeddingRun(plan)
        }

        /// The next photo; nil after the last, and once the task is cancelled.
        ///
        /// - Returns: what the photo gave.
        /// - Throws: `ArcFaceError` if the runtime fails. A photo that can't be read is no error: it says so itself.
        public mutating func next() async throws -> PhotoEmbeddings? { try await run.next() }
    }
}

/// A run of a plan on threads of its own. It stops when this goes away.
private final class EmbeddingRun: Sendable {
    private let results = BoundedChannel<PhotoEmbeddings>(capacity: 16)

    init(_ plan: EmbeddingPlan) {
        DispatchQueue(label: "ArcFaceTensorRT.photos").async { [results] in
            do throws(ArcFaceError) {
                try plan.pipeline(for: 0..<plan.inputs.count).run(shouldStop: { results.isClosed }) { batch in
                    for result in batch { results.send(PhotoEmbeddings(result)) }
                }
                results.finish(nil)
            } catch {
                results.finish(error)
            }
        }
    }

    deinit { results.close() }

    func next() async throws -> PhotoEmbeddings? { try await results.next() }
}
