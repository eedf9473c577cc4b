import EngineStore
import Logging
import NativeLibraries
import TensorRT

/// TensorRT or TensorRT-RTX: every version that is installed, and which of them would be used.
struct TensorRTExamination {
    /// The search, as the configuration has it.
    private let search: LibrarySearch
    private let surroundings: SearchSurroundings
    /// The engine that is there for the configuration, if one is.
    private let engine: StoredEngine?
    private let logger = Logger(label: "tensorrt")

    /// - Parameters:
    ///   - runtime: `.tensorrt` or `.tensorrtRTX`.
    ///   - configuration: names the engine.
    ///   - nvidia: where libraries are looked for.
    init(_ runtime: EngineRuntime, _ configuration: ArcFaceConfiguration, _ nvidia: NVIDIASearch) {
        search = runtime == .tensorrtRTX ? nvidia.tensorRTRTX : nvidia.tensorRT
        surroundings = nvidia.surroundings
        // Without a GPU no engine of TensorRT's has a name.
        let sm = try? nvidia.gpus(configuration.tensorRT.gpus).sm
        engine = configuration.builtEngine(of: runtime, sm: sm)
    }

    /// Looks at every library.
    func check() -> DoctorReport.Check {
        let installed = TensorRTLibrary.installed(search, surroundings: surroundings, logger: logger)
        let running = chosen(search, preferring: engine?.manifest.runtime.version)
        let building = chosen(search.withoutRunOnly, preferring: nil)
        guard case .success(let library) = running else { return absent(installed, running) }
        let builder = try? building.get()
        let mend = parserMend(builder, installed)
        let isChoice = installed.count { $0.library != nil } > 1 || search.explicitPath != nil
        let found = installed.map { one in
            describe(
                one, runs: one.path == library.path ? reason(library) : nil,
                builds: one.path == builder?.path && mend == nil ? builderReason : nil,
                tellsRoles: isChoice)
        }
        let sorted = found.filter { $0.runs != nil } + found.filter { $0.runs == nil }
        return DoctorReport.Check(
            "library", search.name, .ok, sorted.first?.text ?? "\(library.name), \(library.path)",
            mend: mend, libraries: sorted)
    }

    private func chosen(
        _ search: LibrarySearch, preferring version: EngineVersion?
    ) -> Result<TensorRTLibrary, TensorRTError> {
        Result { () throws(TensorRTError) in
            try TensorRTLibrary.load(
                search, preferring: version.map(TensorRTVersion.init), surroundings: surroundings, logger: logger)
        }
    }

    /// What is told where no library can be used: that there is none, or what is wrong with the one that was named or found.
    private func absent(
        _ installed: [InstalledTensorRT], _ running: Result<TensorRTLibrary, TensorRTError>
    ) -> DoctorReport.Check {
        let mend = "\(search.mend), for GPUs"
        let isNamed = search.explicitPath != nil
        guard case .failure(let error) = running, isNamed || !installed.isEmpty else {
            return DoctorReport.Check("library", search.name, .absent, "not found", mend: mend)
        }
        let text =
            error.code == .libraryUnavailable
            ? error.nativeLibraryError.map(Self.withoutMend) ?? error.withoutMend : error.withoutMend
        let others = installed.filter { !text.contains($0.path) }
        return DoctorReport.Check(
            "library", search.name, .absent, text,
            mend: isNamed ? "correct \(search.explicitSource), or leave it out" : mend,
            libraries: others.map { describe($0, runs: nil, builds: nil, tellsRoles: false) })
    }

    private static func withoutMend(_ error: NativeLibraryError) -> String {
        var error = error
        error.mend = ""
        return error.description
    }

    /// Why engines are run with this library and no other.
    private func reason(_ library: TensorRTLibrary) -> String {
        if search.explicitPath != nil { return "\(search.explicitSource) names it" }
        if let engine {
            let wanted = TensorRTVersion(engine.manifest.runtime.version)
            let file = engine.planPath.split(separator: "/").last.map(String.init) ?? engine.planPath
            if wanted == library.version { return "it built \(file)" }
            if wanted.major == library.version.major { return "it is nearest to \(wanted), which built \(file)" }
        }
        return Self.first
    }

    /// Why engines are built with it: of an engine that is to be built no version is known.
    private var builderReason: String {
        search.explicitPath != nil ? "\(search.explicitSource) names it" : Self.first
    }

    /// How libraries are ranked where nothing else decides.
    private static let first = "it comes first: the loader's before pip's, then the newer"

    /// What to do where the library that would build can't; nil if it can.
    private func parserMend(_ builder: TensorRTLibrary?, _ installed: [InstalledTensorRT]) -> String? {
        guard let builder else { return "this can only run engines; to build them, \(search.mend)" }
        do throws(TensorRTError) {
            _ = try builder.parserPath()
            return nil
        } catch {
            let whole = installed.first { one in
                guard let library = one.library, library.capabilities.builds else { return false }
                return (try? library.parserPath()) != nil
            }
            let other = whole.map { ", or set tensorrt.library_path: \($0.path)" } ?? ""
            return "\(builder.name) can't build engines without its ONNX parser: \(error.mend)\(other)"
        }
    }

    private func describe(
        _ one: InstalledTensorRT, runs: String?, builds: String?, tellsRoles: Bool
    ) -> DoctorReport.Library {
        let parser = try? one.library?.parserPath()
        let facts = one.library.map { library in
            let ability =
                switch (library.capabilities.builds, parser) {
                case (false, _): "run-only"
                case (true, nil): "no ONNX parser"
                case (true, _): "with its ONNX parser"
                }
            return "\(library.name), \(one.path), \(ability)"
        }
        let roles = [
            runs.map { "runs engines, as \($0)" }, builds.map { "builds engines, as \($0)" },
        ].compactMap { $0 }
        let role = runs != nil && runs == builds ? ["runs and builds engines, as \(runs ?? "")"] : roles
        let problem = one.problem.map { "\($0.withoutMend)" }
        let text = facts ?? problem ?? one.path
        return DoctorReport.Library(
            path: one.path, flavour: one.library?.flavour.rawValue, version: one.library?.version.description,
            parser: parser, runs: runs, builds: builds, problem: problem,
            text: tellsRoles && !role.isEmpty ? "\(text): \(role.joined(separator: "; "))" : text)
    }
}

extension TensorRTError {
    /// The error's line without the advice at its end.
    fileprivate var withoutMend: String {
        var error = self
        error.mend = ""
        return error.description
    }
}
