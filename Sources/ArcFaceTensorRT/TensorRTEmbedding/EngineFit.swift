import EngineStore

/// Whether an engine is one for this machine, by its manifest: told before its code is given to TensorRT.
enum EngineFit {
    /// Sees that runtime, version and GPU agree.
    ///
    /// - Parameters:
    ///   - engine: an engine that the user named.
    ///   - machine: the GPUs and the library.
    /// - Throws: `ArcFaceError` with code `.modelUnusable` that says what differs, and what to build or install.
    static func check(_ engine: StoredEngine, on machine: TensorRTMachine) throws(ArcFaceError) {
        let manifest = engine.manifest
        let key: EngineKey
        do throws(EngineStoreError) {
            var name = try manifest.name()
            if let target = EngineTarget(runtime: machine.runtime, sm: machine.sm) {
                name = try EngineName(model: name.model, precision: name.precision, target: target)
            }
            // Asks of the manifest what only this machine decides; all else is as the engine has it.
            key = EngineKey(
                name: name, onnx: manifest.model.onnx, version: machine.version, gpu: machine.sm, largestBatch: 0,
                preprocessing: manifest.preprocessing)
        } catch {
            throw ArcFaceError(engineStore: error)
        }
        let mismatches = key.mismatches(with: manifest)
        guard let first = mismatches.first else { return }
        let mend =
            switch first.subject {
            case .version:
                "build the engine again with this version, or install \(manifest.runtime.name.displayName) "
                    + "\(manifest.runtime.version)"
            case .gpu: "build the engine on this GPU, or run it on the GPU that it was built for"
            default: "build the engine again"
            }
        throw ArcFaceError(
            .modelUnusable, "not an engine for this machine: \(mismatches.map(\.description).joined(separator: "; "))",
            at: engine.planPath, mend: mend)
    }
}
