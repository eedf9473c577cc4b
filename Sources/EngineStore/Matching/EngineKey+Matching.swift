internal import Digests

extension EngineKey {
    /// Every respect in which the engine that a manifest describes isn't the wanted one, the weightiest first; none if it
    /// can be used. Looks at no file.
    package func mismatches(with manifest: EngineManifest) -> [EngineMismatch] {
        // A plan of another runtime differs in everything else too; that wouldn't tell anybody anything.
        guard manifest.runtime.name == name.target.runtime else {
            let built = manifest.runtime.name.displayName, wanted = name.target.runtime.displayName
            return [EngineMismatch(.runtime, "built for \(built), \(wanted) wanted")]
        }
        return [
            modelMismatch(manifest), preparedMismatch(manifest), precisionMismatch(manifest), versionMismatch(manifest),
            gpuMismatch(manifest), batchMismatch(manifest), streamsMismatch(manifest), preprocessingMismatch(manifest),
            calibrationMismatch(manifest), builderMismatch(manifest),
        ].compactMap { $0 }
    }

    private func modelMismatch(_ manifest: EngineManifest) -> EngineMismatch? {
        guard manifest.model.onnx != onnx else { return nil }
        return EngineMismatch(
            .model, "built from another ONNX: \(manifest.model.onnx.short)…, this one is \(onnx.short)…")
    }

    private func preparedMismatch(_ manifest: EngineManifest) -> EngineMismatch? {
        guard let prepared, let built = manifest.model.prepared, built != prepared else { return nil }
        return EngineMismatch(
            .preparedGraph, "built from another preparation of the model: \(built.short)…, now \(prepared.short)…")
    }

    private func precisionMismatch(_ manifest: EngineManifest) -> EngineMismatch? {
        guard manifest.precision != name.precision else { return nil }
        return EngineMismatch(
            .precision, "computes in \(manifest.precision.rawValue), \(name.precision.rawValue) wanted")
    }

    /// A plan runs on the very version that built it; a version-compatible one on later ones of the same major version.
    private func versionMismatch(_ manifest: EngineManifest) -> EngineMismatch? {
        let built = manifest.runtime.version
        if built.agrees(with: version) { return nil }
        let mayBeNewer = manifest.builder.versionCompatible && manifest.runtime.name != .cuda
        if mayBeNewer && built.major == version.major && built.isOlder(than: version) { return nil }
        return EngineMismatch(
            .version, "built by \(manifest.runtime.name.displayName) \(built), this is \(version)")
    }

    private func gpuMismatch(_ manifest: EngineManifest) -> EngineMismatch? {
        guard let gpu else { return nil }
        if manifest.runtime.name == .tensorrtRTX {
            let built = manifest.builder.computeCapabilities
            guard !built.isEmpty, !built.contains(gpu) else { return nil }
            return EngineMismatch(
                .gpu, "for \(built.map { "sm_\($0)" }.joined(separator: ", ")), this GPU is sm_\(gpu)")
        }
        guard let built = manifest.builtOn.sm, built != gpu else { return nil }
        let ampere = 80
        let isPortable = manifest.runtime.name == .tensorrt && manifest.builder.hardwareCompatibility == .amperePlus
        if isPortable && built >= ampere && gpu >= ampere { return nil }
        return EngineMismatch(.gpu, "for sm_\(built), this GPU is sm_\(gpu)")
    }

    private func batchMismatch(_ manifest: EngineManifest) -> EngineMismatch? {
        let profiles = manifest.batch.profiles
        let largest = manifest.batch.largest
        if largest < largestBatch { return EngineMismatch(.batch, "batch ≤ \(largest), \(largestBatch) wanted") }
        // Profiles may leave gaps; every batch from one face on must fit into one of them.
        var covered = 0
        for profile in profiles.sorted(by: { $0.min < $1.min }) where profile.min <= covered + 1 {
            covered = max(covered, profile.max)
        }
        guard covered < largestBatch else { return nil }
        return EngineMismatch(.batch, "takes no batch of \(covered + 1), 1 to \(largestBatch) wanted")
    }

    private func streamsMismatch(_ manifest: EngineManifest) -> EngineMismatch? {
        let built = manifest.batch.streams
        guard built < streams else { return nil }
        return EngineMismatch(.streams, "profiles for \(built) stream\(built == 1 ? "" : "s"), \(streams) wanted")
    }

    private func preprocessingMismatch(_ manifest: EngineManifest) -> EngineMismatch? {
        guard manifest.preprocessing != preprocessing else { return nil }
        return EngineMismatch(
            .preprocessing, "preprocessing \(manifest.preprocessing) built in, \(preprocessing) wanted")
    }

    private func calibrationMismatch(_ manifest: EngineManifest) -> EngineMismatch? {
        guard let calibration, manifest.precision == .int8, manifest.calibration != calibration else { return nil }
        let built = manifest.calibration.map { "\($0.short)…" } ?? "none recorded"
        return EngineMismatch(.calibration, "calibrated on other faces: \(built), now \(calibration.short)…")
    }

    private func builderMismatch(_ manifest: EngineManifest) -> EngineMismatch? {
        guard var wanted = builder else { return nil }
        var built = manifest.builder
        if wanted.tiles == nil {
            wanted.tiles = built.tiles
        } else {
            // Before tiles were measured they were the table's.
            built.tiles = built.tiles ?? .table
        }
        guard built != wanted else { return nil }
        func number(_ value: Int?) -> String { value.map(String.init) ?? "default" }
        func list(_ values: [Int]) -> String { values.isEmpty ? "all" : values.map(String.init).joined(separator: "+") }
        let differences: [String] = [
            built.optimizationLevel == wanted.optimizationLevel
                ? nil
                : "optimization level \(number(built.optimizationLevel)), \(number(wanted.optimizationLevel)) wanted",
            built.workspaceMB == wanted.workspaceMB
                ? nil : "workspace \(number(built.workspaceMB)) MB, \(number(wanted.workspaceMB)) wanted",
            built.hardwareCompatibility == wanted.hardwareCompatibility
                ? nil
                : "hardware compatibility \(built.hardwareCompatibility.rawValue), "
                    + "\(wanted.hardwareCompatibility.rawValue) wanted",
            built.versionCompatible == wanted.versionCompatible
                ? nil : "version compatible: \(built.versionCompatible ? "yes" : "no"), the opposite wanted",
            built.computeCapabilities == wanted.computeCapabilities
                ? nil
                : "compute capabilities \(list(built.computeCapabilities)), \(list(wanted.computeCapabilities)) wanted",
            built.tiles == wanted.tiles
                ? nil : "tiles \(built.tiles?.rawValue ?? "any"), \(wanted.tiles?.rawValue ?? "any") wanted",
        ].compactMap { $0 }
        return EngineMismatch(.builder, differences.joined(separator: ", "))
    }
}
