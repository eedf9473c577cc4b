import Digests
package import EngineStore
package import ONNXModel

/// The engine that a configuration asks for on this machine.
package struct EngineRequest: Sendable {
    /// What the engine has to agree with.
    package let key: EngineKey
    /// Where engines are kept.
    package let folder: EngineFolder
    /// The configuration.
    package let configuration: ArcFaceConfiguration
    /// Where NVIDIA's libraries are looked for.
    package let search: NVIDIASearch
    /// The model as it is prepared for TensorRT, in fp32.
    package let model: PreparedModel

    /// Reads the model and names its engine.
    ///
    /// - Parameters:
    ///   - configuration: `tensorrt` and `preprocessing` are used.
    ///   - machine: the GPUs and the library.
    ///   - search: where a build shall look for NVIDIA's libraries.
    /// - Throws: `ArcFaceError` if the model is missing or unusable, or can't be named.
    package init(
        _ configuration: ArcFaceConfiguration, on machine: EngineMachine, search: NVIDIASearch
    ) throws(ArcFaceError) {
        let settings = configuration.tensorRT
        do throws(ONNXModelError) {
            model = try FaceModel.prepare(
                path: settings.onnxPath, preprocessing: configuration.preprocessing.explicit, target: .portable)
        } catch {
            throw ArcFaceError(error)
        }
        let digest: Digest
        do throws(DigestError) {
            digest = try Digest.of(file: settings.onnxPath)
        } catch {
            throw ArcFaceError(.modelMissing, error.what, at: error.location, mend: error.mend)
        }
        guard let target = EngineTarget(runtime: machine.tools.runtime, sm: machine.sm),
            let precision = EnginePrecision(rawValue: settings.precision.rawValue)
        else {
            throw ArcFaceError(
                .unavailable, "no engine can be named for \(machine.gpus?.description ?? "a machine without a GPU")")
        }
        do throws(EngineStoreError) {
            let name = try EngineName(model: settings.modelName, precision: precision, target: target)
            key = EngineKey(
                name: name, onnx: digest, version: machine.version, gpu: machine.sm,
                largestBatch: settings.maxBatchSize, preprocessing: EnginePreprocessing(model.preprocessing))
        } catch {
            throw ArcFaceError(error)
        }
        folder = try configuration.engineFolder
        self.configuration = configuration
        self.search = search
    }

    /// The engine, read and verified, if a stored one fits; otherwise why none does.
    ///
    /// - Throws: `ArcFaceError` if the folder can't be read.
    package func stored() throws(ArcFaceError) -> Result<LoadedEngine, EngineMiss> {
        do throws(EngineStoreError) {
            return try folder.load(key)
        } catch {
            throw ArcFaceError(error)
        }
    }

    /// The command that builds this engine.
    package var buildCommand: String {
        let settings = configuration.tensorRT
        // int8 can't be built without faces; where the configuration names none, the user has to.
        let faces = configuration.embedding.calibrationFaces.map(ShellWord.quoted) ?? "DIR"
        return "arcface-tensorrt build --onnx-path \(ShellWord.quoted(settings.onnxPath)) "
            + "--model-name \(settings.modelName) --precision \(settings.precision.rawValue) "
            + (settings.precision == .int8 ? "--calibration-faces \(faces) " : "")
            + "--max-batch-size \(settings.maxBatchSize) --runtime \(key.name.target.runtime.rawValue) "
            + "--output-dir \(ShellWord.quoted(settings.engineLocalDirectory))"
    }
}

extension EnginePreprocessing {
    /// A model's preprocessing as manifests have it.
    package init(_ preprocessing: Preprocessing) {
        self.init(
            color: preprocessing.color == .rgb ? .rgb : .bgr, mean: preprocessing.mean, scale: preprocessing.scale)
    }
}
