import EngineStore
import Foundation

/// An ArcFace model to an engine in the folder of engines: the stored one if it fits, otherwise one that is built now.
package struct EngineBuildJob: Sendable {
    let options: Options
    let configuration: ArcFaceConfiguration
    private let search: NVIDIASearch

    /// What a job tells while it runs.
    package enum Event: Sendable {
        /// One line for people.
        case message(String)
        /// The build goes on.
        case progress(EngineBuildProgress)
        /// One line about something that isn't as it was asked for.
        case warning(String)
    }

    /// - Parameters:
    ///   - options: how the engine is built.
    ///   - configuration: `tensorrt` says from which model, in which precision, for which batches and where to;
    ///     `preprocessing` is used, and for calibration faces `detection`, `input` and `onnxruntime`.
    ///   - search: where NVIDIA's libraries are looked for; nil is where the configuration says.
    package init(
        options: Options = Options(), configuration: ArcFaceConfiguration, search: NVIDIASearch? = nil
    ) {
        self.options = options
        self.configuration = configuration
        self.search = search ?? NVIDIASearch(configuration)
    }

    /// Finds or builds the engine. One process builds at a time; others that want the same engine wait and take it.
    ///
    /// - Parameters:
    ///   - shouldStop: asked often, from any thread; true ends the job, and nothing is left half-written.
    ///   - report: told what goes on, from any thread.
    /// - Returns: the engine, or nil if the job was stopped.
    /// - Throws: `ArcFaceError` with TensorRT's own words where it refused.
    package func run(
        shouldStop: @escaping @Sendable () -> Bool = { false }, report: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(ArcFaceError) -> Summary? {
        let start = ContinuousClock.now
        try check()
        let machine = try EngineMachine(
            runtime.stored, for: .building, devices: Array(configuration.tensorRT.gpus.prefix(1)),
            needsGPU: needsGPU, preferring: options.version, search: search)
        let model: EngineModel
        do throws(ArcFaceError) {
            model = try EngineModel(self, hooks: PreparationHooks(report: report, shouldStop: shouldStop))
        } catch {
            if error.code == .cancelled { return nil }
            throw error
        }
        if shouldStop() { return nil }
        let key = try key(for: model, machine)
        guard
            let summary = try foundOrBuilt(
                model, key, machine, since: start, shouldStop: shouldStop, report: report)
        else { return nil }
        guard !summary.isNew, let engine = summary.engine, needsProof(engine) else { return summary }
        return try prove(engine, on: machine, since: start, shouldStop: shouldStop, report: report)
    }

    private func foundOrBuilt(
        _ model: EngineModel, _ key: EngineKey, _ machine: EngineMachine, since start: ContinuousClock.Instant,
        shouldStop: @escaping @Sendable () -> Bool, report: @escaping @Sendable (Event) -> Void
    ) throws(ArcFaceError) -> Summary? {
        if let engine = try stored(key) { return Summary(engine, isNew: false, elapsed: ContinuousClock.now - start) }
        guard let lock = try lock(key.name, shouldStop: shouldStop, report: report) else { return nil }
        return try build(model, key, machine, holding: lock, since: start, shouldStop: shouldStop, report: report)
    }

    /// Who builds.
    package var runtime: Runtime {
        if let chosen = options.runtime { return chosen }
        switch configuration.embedding.backend {
        case .tensorRTRTX: return .tensorrtRTX
        case .cuda: return .cuda
        default: return .tensorrt
        }
    }

    /// TensorRT measures on the GPU; our own kernels need to know its kind alone.
    private var needsGPU: Bool {
        runtime == .tensorrt || runtime == .cuda && options.computeCapabilities.isEmpty
    }

    var folder: EngineFolder { get throws(ArcFaceError) { try configuration.engineFolder } }

    /// The stored engine, if one fits and none is to be built anyway.
    private func stored(_ key: EngineKey) throws(ArcFaceError) -> StoredEngine? {
        guard !options.force else { return nil }
        let folder = try folder
        do throws(EngineStoreError) {
            guard case .hit(let engine) = try folder.find(key) else { return nil }
            return engine
        } catch {
            throw ArcFaceError(error)
        }
    }

    /// The right to write the engine; nil if the job was stopped while another process had it.
    func lock(
        _ name: EngineName, shouldStop: @escaping @Sendable () -> Bool, report: @escaping @Sendable (Event) -> Void
    ) throws(ArcFaceError) -> EngineLock? {
        let waiting = LockWaiting(
            report: { report(.message("waiting: \($0?.description ?? "another process") builds \(name)")) },
            shouldStop: shouldStop)
        let folder = try folder
        do throws(EngineStoreError) {
            return try folder.lock(name, waiting: waiting)
        } catch {
            if error.code == .cancelled { return nil }
            throw ArcFaceError(error)
        }
    }

    /// What can be told before anything is loaded.
    private func check() throws(ArcFaceError) {
        guard configuration.isEnabled else {
            throw ArcFaceError(
                .configuration, "is false, so no NVIDIA library may be loaded", at: "arcface_tensorrt.enabled",
                mend: "set it to true to build engines")
        }
        if let license = options.license, !LicenseTerms.isText(license) {
            throw ArcFaceError(
                .configuration, "a licence is 1 to 200 characters on one line", at: "--license",
                mend: "name it, such as Apache-2.0")
        }
        if options.tiles != nil, runtime != .cuda {
            throw ArcFaceError(
                .configuration, "only engines of our own have tiles to choose", at: "--tiles",
                mend: "add --runtime cuda, or leave it out")
        }
        _ = try EngineSigner(configuration.storage)
        let path = configuration.tensorRT.onnxPath
        guard FileManager.default.fileExists(atPath: path) else {
            throw ArcFaceError(
                .modelMissing, "there is no such model", at: path,
                mend: "name an ArcFace ONNX file with --onnx-path, or in the configuration as tensorrt.onnx_path")
        }
    }
}
