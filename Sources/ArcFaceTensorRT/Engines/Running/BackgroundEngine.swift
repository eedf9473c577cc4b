import FaceImages
import Synchronization

/// Embeds with another runtime while an engine is built, and with the engine from then on.
///
/// Each call is served by one of them from its beginning to its end. A build that fails leaves the other one serving, and
/// a warning. Releasing this stops the build.
final class BackgroundEngine: EmbeddingRuntime {
    /// Builds and loads an engine; asks often whether it shall stop.
    typealias Build =
        @Sendable (_ shouldStop: @escaping @Sendable () -> Bool) throws(ArcFaceError) ->
        any EngineEmbedding

    private struct State {
        var serving: any EmbeddingRuntime
        var warnings: [String] = []
        var faces: [BackendFaces] = []
    }

    private let state: Mutex<State>
    private let job = BackgroundJob()
    private let report: @Sendable (EngineBuildJob.Event) -> Void

    /// Begins to build.
    ///
    /// - Parameters:
    ///   - fallback: what embeds meanwhile.
    ///   - report: told of the change, or why there is none, from any thread.
    ///   - build: makes the engine.
    init(
        fallback: any EmbeddingRuntime, report: @escaping @Sendable (EngineBuildJob.Event) -> Void,
        build: @escaping Build
    ) {
        state = Mutex(State(serving: fallback))
        self.report = report
        let information = fallback.information
        report(.message("\(information.backend) on \(information.device) embeds while the engine is built"))
        job.run { [weak self, job] in
            let outcome = Result { () throws(ArcFaceError) in try build { job.isStopped } }
            // What nobody waits for any more needs no word either.
            guard !job.isStopped else { return }
            self?.take(outcome)
        }
    }

    deinit { job.stop() }

    /// What embeds at the moment.
    var serving: any EmbeddingRuntime { state.withLock { $0.serving } }
    var information: EmbedderInformation { serving.information }
    var concurrency: Int { serving.concurrency }
    var maximumBatch: Int { serving.maximumBatch }

    /// Why no engine has taken over, if its build failed.
    var warnings: [String] { state.withLock { $0.warnings } }

    /// How many faces each backend has embedded so far, in the order of their first.
    var faces: [BackendFaces] { state.withLock { $0.faces } }

    /// Stops the build, if it goes on, and waits until nothing of it runs any more.
    func stopBuilding() { job.stopAndWait() }

    func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) {
        let runtime = serving
        let width = runtime.information.embeddingWidth
        // The caller may have split its faces for the other one, which takes more at once.
        var start = 0
        while start < count {
            let end = min(start + runtime.maximumBatch, count)
            try runtime.embed(
                UnsafeRawBufferPointer(
                    rebasing: pixels[start * FaceBatch.bytesPerFace..<end * FaceBatch.bytesPerFace]),
                count: end - start,
                into: UnsafeMutableBufferPointer(rebasing: output[start * width..<end * width]))
            start = end
        }
        embedded(count, by: runtime)
    }

    func embedded(_ count: Int, by runtime: any EmbeddingRuntime) {
        let backend = runtime.information.backend
        state.withLock { state in
            if let index = state.faces.firstIndex(where: { $0.backend == backend }) {
                state.faces[index].faces += count
            } else {
                state.faces.append(BackendFaces(backend: backend, faces: count))
            }
        }
    }

    private func take(_ outcome: Result<any EngineEmbedding, ArcFaceError>) {
        let before = information
        do throws(ArcFaceError) {
            let engine = try outcome.get()
            let information = engine.information
            guard information.embeddingWidth == before.embeddingWidth else {
                throw ArcFaceError(
                    .modelUnusable,
                    "the engine gives \(information.embeddingWidth) numbers a face, the model "
                        + "\(before.embeddingWidth)", at: information.modelPath, mend: "build the engine again")
            }
            // Calls that run hold on to the old one; it goes away with the last of them.
            state.withLock {
                $0.serving = engine
                $0.warnings += engine.warnings
            }
            report(
                .message(
                    "the engine is ready: \(information.backend) \(information.runtimeVersion) on "
                        + "\(information.device) embeds from now on"))
            for warning in engine.warnings { report(.warning(warning)) }
        } catch {
            let warning = "no engine was built, so \(before.backend) goes on embedding: \(error)"
            state.withLock { $0.warnings.append(warning) }
            report(.warning(warning))
        }
    }
}

/// How many faces a backend embedded.
package struct BackendFaces: Sendable, Equatable {
    /// The backend's name as in the configuration.
    package let backend: String
    /// The number of faces.
    package var faces: Int
}
