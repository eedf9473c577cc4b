import EngineStore

extension EngineMachine {
    /// Sees that runtime, version and GPU agree with an engine's manifest: told before its code is given to anyone.
    ///
    /// - Parameter engine: an engine that the user named.
    /// - Throws: `ArcFaceError` with code `.modelUnusable` that says what differs, and what to build or install.
    func check(_ engine: StoredEngine) throws(ArcFaceError) {
        let manifest = engine.manifest
        let mismatches = try mismatches(with: manifest)
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

    /// In what an engine doesn't fit this machine. Asks of the manifest what only the machine decides; all else is as the
    /// engine has it.
    func mismatches(with manifest: EngineManifest) throws(ArcFaceError) -> [EngineMismatch] {
        do throws(EngineStoreError) {
            var name = try manifest.name()
            if let target = EngineTarget(runtime: tools.runtime, sm: sm) {
                name = try EngineName(model: name.model, precision: name.precision, target: target)
            }
            let key = EngineKey(
                name: name, onnx: manifest.model.onnx, version: version, gpu: sm, largestBatch: 0,
                preprocessing: manifest.preprocessing)
            return key.mismatches(with: manifest)
        } catch {
            throw ArcFaceError(error)
        }
    }
}
