import EngineStore

extension EngineBuildJob {
    /// The engine that is wanted.
    func key(for model: EngineModel, _ machine: EngineMachine) throws(ArcFaceError) -> EngineKey {
        let settings = configuration.tensorRT
        let sm = targetCapability(machine)
        guard let target = EngineTarget(runtime: machine.tools.runtime, sm: sm) else {
            throw ArcFaceError(
                .unavailable, "compute capability \(sm ?? 0) can't be part of an engine's name",
                at: machine.facts.gpu)
        }
        do throws(EngineStoreError) {
            return EngineKey(
                name: try EngineName(
                    model: settings.modelName, precision: settings.precision.stored, target: target),
                onnx: model.onnx, prepared: model.digest, calibration: model.calibration, version: machine.version,
                gpu: sm, largestBatch: settings.maxBatchSize, streams: options.streams,
                preprocessing: model.preprocessing, builder: builderOptions)
        } catch {
            throw ArcFaceError(error)
        }
    }

    /// The compute capability, times ten, that the engine is tied to. What TensorRT-RTX builds is for other machines as well;
    /// what this one has doesn't count then.
    func targetCapability(_ machine: EngineMachine) -> Int? {
        switch machine.tools.runtime {
        case .tensorrt: machine.sm
        case .tensorrtRTX: nil
        case .cuda: options.computeCapabilities.first ?? machine.sm
        }
    }

    /// The profiles: tuned for one face, for 8, and for the largest batch, as far as these differ.
    ///
    /// Each begins at one face, so that a context takes any batch up to its profile's largest without another profile.
    var batchFacts: BatchFacts {
        let largest = configuration.tensorRT.maxBatchSize
        let tuned =
            runtime == .cuda
            ? CUDATools.batches(upTo: largest) : [1, 8].filter { $0 < largest } + [largest]
        return BatchFacts(
            profiles: tuned.map { EngineStore.BatchProfile(min: 1, opt: $0, max: $0) }, streams: options.streams)
    }

    /// What the builder is told beyond that.
    var builderOptions: EngineBuilderOptions {
        EngineBuilderOptions(
            workspaceMB: configuration.tensorRT.workspaceSizeMB, optimizationLevel: options.optimizationLevel,
            hardwareCompatibility: options.hardwareCompatibility.stored, versionCompatible: options.versionCompatible,
            computeCapabilities: options.computeCapabilities, tiles: options.tiles?.stored)
    }
}
