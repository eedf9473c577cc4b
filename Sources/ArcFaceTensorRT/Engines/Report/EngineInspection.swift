import EngineStore
import Foundation

/// Looks at an engine's file: its manifest, and the engine itself where its library and a GPU are there.
package struct EngineInspection: Sendable {
    let path: String
    let wantsLayers: Bool
    let mayLoad: Bool
    let wantsSignature: Bool
    private let storage: StorageConfiguration
    let search: NVIDIASearch
    private let devices: [Int]

    /// - Parameters:
    ///   - path: the plan's path.
    ///   - wantsLayers: whether the layers are told one by one.
    ///   - configuration: `arcface_tensorrt.enabled` false forbids to load NVIDIA's libraries, and
    ///     `storage.require_signature` to load a plan without a manifest.
    ///   - search: where NVIDIA's libraries are looked for; nil is where the configuration says.
    package init(
        path: String, wantsLayers: Bool = false, configuration: ArcFaceConfiguration,
        search: NVIDIASearch? = nil
    ) {
        self.path = path
        self.wantsLayers = wantsLayers
        mayLoad = configuration.isEnabled
        wantsSignature = configuration.storage.requireSignature
        storage = configuration.storage
        self.search = search ?? NVIDIASearch(configuration)
        devices = Array(configuration.tensorRT.gpus.prefix(1))
    }

    /// Looks.
    ///
    /// - Throws: `ArcFaceError` if the file is missing or can't be read, or if its manifest is damaged.
    package func run() throws(ArcFaceError) -> EngineReport {
        let engine: StoredEngine
        let trust = try EngineTrust(storage)
        do throws(EngineStoreError) {
            engine = try EngineFolder.engine(at: path, trust: .anyone)
        } catch {
            guard error.code == .manifestMissing else { throw ArcFaceError(error) }
            return try withoutManifest(error)
        }
        let manifest = engine.manifest
        var report = EngineReport(path: path, bytes: manifest.plan.bytes, manifest: manifest)
        report.describe(manifest)
        do throws(EngineStoreError) {
            let loaded = try EngineFolder(path: engine.folder, trust: trust).load(engine)
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

    /// Compares with this machine, and loads the plan, whose bytes `plan` lends, if its library and a GPU are there.
    private func examine(
        _ report: inout EngineReport, runtime: EngineRuntime, manifest: EngineManifest?,
        plan: (_ body: (UnsafeRawBufferPointer) -> ArcFaceError?) -> ArcFaceError?
    ) {
        guard mayLoad else {
            return report.obstacles.append("arcface_tensorrt.enabled is false, so no NVIDIA library is loaded")
        }
        do throws(ArcFaceError) {
            let machine = try EngineMachine(
                runtime, for: .running, devices: devices, needsGPU: false, preferring: manifest?.runtime.version,
                search: search)
            report.library = machine.tools.name
            report.gpu = machine.facts.gpu
            if let manifest {
                report.obstacles += try machine.mismatches(with: manifest).map { "\($0); build the engine again here" }
            }
            let failure = plan { bytes in
                do throws(ArcFaceError) {
                    try machine.tools.describe(bytes, in: &report, wantsLayers: wantsLayers, on: machine.gpus)
                    return nil
                } catch {
                    return error
                }
            }
            // A mismatch that the manifest shows already is better told there.
            if let failure, report.obstacles.isEmpty || failure.code == .unavailable { throw failure }
        } catch {
            report.obstacles.append(error.description)
        }
    }
}
