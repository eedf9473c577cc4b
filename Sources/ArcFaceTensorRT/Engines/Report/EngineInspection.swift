import EngineStore
import Foundation
import TensorRT

/// Looks at an engine's file: its manifest, and the engine itself where its library and a GPU are there.
package struct EngineInspection: Sendable {
    let path: String
    let wantsLayers: Bool
    let mayLoad: Bool
    let wantsSignature: Bool
    let libraryPath: String?

    /// - Parameters:
    ///   - path: the plan's path.
    ///   - wantsLayers: whether the layers are told one by one.
    ///   - configuration: `arcface_tensorrt.enabled` false forbids to load NVIDIA's libraries, and
    ///     `storage.require_signature` to load a plan without a manifest.
    ///   - libraryPath: TensorRT's library or its folder; nil searches for it.
    package init(
        path: String, wantsLayers: Bool = false, configuration: ArcFaceConfiguration, libraryPath: String? = nil
    ) {
        self.path = path
        self.wantsLayers = wantsLayers
        mayLoad = configuration.isEnabled
        wantsSignature = configuration.storage.requireSignature
        self.libraryPath = libraryPath
    }

    /// Looks.
    ///
    /// - Throws: `ArcFaceError` if the file is missing or can't be read, or if its manifest is damaged.
    package func run() throws(ArcFaceError) -> EngineReport {
        let engine: StoredEngine
        do throws(EngineStoreError) {
            engine = try EngineFolder.engine(at: path)
        } catch {
            guard error.code == .manifestMissing else { throw ArcFaceError(error) }
            return try withoutManifest(error)
        }
        let manifest = engine.manifest
        var report = EngineReport(path: path, bytes: manifest.plan.bytes, manifest: manifest)
        report.describe(manifest)
        do throws(EngineStoreError) {
            let loaded = try EngineFolder(path: engine.folder).load(engine)
            examine(&report, runtime: manifest.runtime.name, manifest: manifest) { body in
                loaded.plan.withUnsafeBytes(body)
            }
        } catch {
            report.obstacles.append("\(error.what) (\(error.mend))")
        }
        return report
    }

    /// A plan alone: its runtime is told by its name, if it has an engine's name.
    private func withoutManifest(_ error: EngineStoreError) throws(ArcFaceError) -> EngineReport {
        let plan = try Self.bytes(of: path)
        var report = EngineReport(path: path, bytes: plan.count, manifest: nil)
        report.warnings.append("\(error.what); what follows is the engine's own word (\(error.mend))")
        let name = try? EngineName(fileName: (path as NSString).lastPathComponent)
        if wantsSignature {
            report.obstacles.append("it isn't loaded, because storage.require_signature is set and nobody signed it")
        } else {
            examine(&report, runtime: name?.target.runtime ?? .tensorrt, manifest: nil) { body in
                plan.withUnsafeBytes(body)
            }
        }
        report.obstacles.append("without its manifest an engine isn't used: nobody knows what it was built from")
        return report
    }

    /// The file, copied: one that shrinks under a map would kill the process.
    private static func bytes(of path: String) throws(ArcFaceError) -> Data {
        do {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
            guard let size, size.intValue <= PlanBytes.largest else {
                throw ArcFaceError(.modelUnusable, "the file is too large for an engine", at: path)
            }
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch let error as ArcFaceError {
            throw error
        } catch {
            throw ArcFaceError(.modelUnusable, "the engine can't be read: \(error.localizedDescription)", at: path)
        }
    }

    /// Compares with this machine, and loads the plan if its library and a GPU are there.
    private func examine(
        _ report: inout EngineReport, runtime: EngineRuntime, manifest: EngineManifest?,
        plan: ((UnsafeRawBufferPointer) -> Result<TensorRTEngine, TensorRTError>) -> Result<
            TensorRTEngine, TensorRTError
        >
    ) {
        guard runtime != .cuda else {
            return report.obstacles.append("the CUDA engine is not part of this version")
        }
        guard mayLoad else {
            return report.obstacles.append("arcface_tensorrt.enabled is false, so no NVIDIA library is loaded")
        }
        let machine: EngineMachine
        do throws(ArcFaceError) {
            machine = try EngineMachine(runtime, for: .running, libraryPath: libraryPath, needsGPU: false)
        } catch {
            return report.obstacles.append(error.description)
        }
        report.library = machine.library.name
        report.gpu = machine.facts.gpu
        if let manifest {
            report.obstacles += machine.obstacles(to: manifest).map { "\($0); build the engine again here" }
        }
        let loaded = Result { () throws(TensorRTError) in try TensorRTRuntime(machine.library) }
            .flatMap { runtime in
                plan { bytes in
                    Result { () throws(TensorRTError) in try runtime.deserialize(bytes, name: path) }
                }
            }
        do throws(TensorRTError) {
            try report.describe(try loaded.get(), layers: wantsLayers)
        } catch {
            // A mismatch that the manifest shows already is better told there.
            if report.obstacles.isEmpty || error.code == .deviceUnavailable {
                report.obstacles.append(error.description)
            }
        }
    }
}

extension EngineMachine {
    /// Why an engine doesn't fit library and GPU, by its manifest.
    func obstacles(to manifest: EngineManifest) -> [String] {
        guard let name = try? manifest.name() else { return [] }
        let key = EngineKey(
            name: name, onnx: manifest.model.onnx, version: version, gpu: sm, largestBatch: manifest.batch.largest,
            preprocessing: manifest.preprocessing)
        return key.mismatches(with: manifest).filter { $0.subject == .version || $0.subject == .gpu }
            .map(\.description)
    }
}
