import EngineStore

/// A runtime as commands name one: a backend, a precision, and what it runs. `onnxruntime:int8@models/r100.onnx`.
package struct NamedRuntime: Sendable, Equatable {
    /// Where the network comes from.
    package enum Source: Sendable, Equatable {
        /// `tensorrt.onnx_path`, as configured.
        case configured
        /// An ONNX face model or prepared file.
        case model(String)
        /// An engine's file. Its manifest says what runs it and in which precision.
        case engine(String)
    }

    /// What computes; nil is `embedding.backend` as configured, or the engine's own runtime.
    package var backend: Backend?
    /// The number format; nil is the one configured for the backend, or the model's or engine's own.
    package var precision: Precision?
    /// How PyTorch computes where a precision doesn't say it; nil is `pytorch.mode` as configured.
    package var pyTorchMode: PyTorchMode?
    /// What is run.
    package var source: Source

    /// Names a runtime; see the properties.
    package init(_ backend: Backend? = nil, precision: Precision? = nil, source: Source = .configured) {
        self.backend = backend
        self.precision = precision
        self.source = source
    }

    /// Reads `BACKEND[:PRECISION][@FILE]`, where a file that ends in `.plan` is an engine. After `pytorch` stands one of
    /// its modes, such as `pytorch:tf32`, in place of a precision.
    ///
    /// - Throws: `ArcFaceError` with code `configuration` that lists what may stand there.
    package init(parsing text: String) throws(ArcFaceError) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let names = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let known = Backend.allCases.map(\.rawValue).joined(separator: ", ")
        guard let backend = Backend(rawValue: String(names[0])) else {
            throw ArcFaceError(
                .configuration, "'\(names[0])' is no runtime", at: text,
                mend: "it is one of \(known), as BACKEND[:PRECISION][@FILE]")
        }
        self.backend = backend
        if names.count == 2 {
            let kind = String(names[1])
            precision = Precision(rawValue: kind)
            if precision == nil, backend == .pyTorch { pyTorchMode = PyTorchMode(rawValue: kind) }
            guard precision != nil || pyTorchMode != nil else {
                let kinds =
                    backend == .pyTorch ? PyTorchMode.allCases.map(\.rawValue) : Precision.allCases.map(\.rawValue)
                throw ArcFaceError(
                    .configuration, "'\(kind)' is no \(backend == .pyTorch ? "mode of pytorch" : "precision")",
                    at: text,
                    mend: "it is one of \(kinds.joined(separator: ", "))")
            }
        }
        guard parts.count == 2 else {
            source = .configured
            return
        }
        guard !parts[1].isEmpty else {
            throw ArcFaceError(.configuration, "no file stands behind '@'", at: text, mend: "name one, or drop the '@'")
        }
        source = parts[1].hasSuffix(".plan") ? .engine(String(parts[1])) : .model(String(parts[1]))
    }

    /// As it is read, with what was left out left out.
    package var name: String {
        let file =
            switch source {
            case .configured: ""
            case .model(let path), .engine(let path): "@\(path)"
            }
        let kind = pyTorchMode?.rawValue ?? precision?.rawValue
        return (backend?.rawValue ?? "") + (kind.map { ":\($0)" } ?? "") + file
    }

    /// The configuration in which this runtime is what is configured. Of an engine's file it says nothing.
    ///
    /// - Parameter base: everything else.
    /// - Returns: `base` with backend, precision and model of this name.
    /// - Throws: `ArcFaceError` if the runtime would load an NVIDIA library while `arcface_tensorrt.enabled` is false.
    package func configuration(from base: ArcFaceConfiguration) throws(ArcFaceError) -> ArcFaceConfiguration {
        var configuration = base
        // What is compared or measured must be one runtime from beginning to end.
        if base.embedding.autoBuild == .background { configuration.embedding.autoBuild = .foreground }
        if let backend {
            guard base.isEnabled || !backend.needsNVIDIALibraries else {
                throw ArcFaceError(
                    .configuration, "\(backend.rawValue) loads NVIDIA's libraries, and that is switched off",
                    at: "arcface_tensorrt.enabled", mend: "set it to true, or name another runtime")
            }
            // Switched off, a configuration runs its fallback whatever the backend is.
            if backend != .auto { configuration.isEnabled = true }
            configuration.embedding.backend = backend
        }
        if let precision {
            configuration.tensorRT.precision = precision
            configuration.onnxRuntime.precision = precision
            if backend == .pyTorch { configuration.pyTorch.mode = try Self.mode(precision) }
        }
        if let pyTorchMode { configuration.pyTorch.mode = pyTorchMode }
        if case .model(let path) = source {
            configuration.tensorRT.onnxPath = path
            configuration.tensorRT.modelName = ModelFileName.engineName(path)
        }
        return configuration
    }

    /// PyTorch's mode for a precision: fp32 is strict, without TF32.
    private static func mode(_ precision: Precision) throws(ArcFaceError) -> PyTorchMode {
        switch precision {
        case .fp32: return .fp32
        case .fp16: return .fp16
        case .int8:
            throw ArcFaceError(
                .configuration, "pytorch computes in fp32 or fp16, not in int8", mend: "name another runtime")
        }
    }

    /// Loads it.
    ///
    /// - Parameters:
    ///   - base: everything that the name doesn't say.
    ///   - threading: how ONNX Runtime uses its threads.
    ///   - search: where NVIDIA's libraries are looked for; nil is where the configuration says.
    ///   - engines: where engines come from that no file is named for.
    ///   - hooks: who follows the preparation of a model whose precision takes a while to write.
    /// - Returns: the runtime, and what isn't as it was asked for.
    /// - Throws: `ArcFaceError`, with the mend in it.
    func load(
        _ base: ArcFaceConfiguration, threading: ONNXRuntimeEmbedding.Threading = .latency,
        search: NVIDIASearch? = nil, engines: any EngineProvider = StoredEngines(),
        hooks: PreparationHooks = PreparationHooks()
    ) throws(ArcFaceError) -> LoadedRuntime {
        guard case .engine(let path) = source else {
            let choice = try BackendChoice(
                configuration: try configuration(from: base), threading: threading, search: search, engines: engines,
                hooks: hooks)
            return LoadedRuntime(runtime: choice.runtime, warnings: choice.warnings)
        }
        guard base.isEnabled else {
            throw ArcFaceError(
                .configuration, "an engine needs NVIDIA's libraries, and those are switched off",
                at: "arcface_tensorrt.enabled", mend: "set it to true, or name another runtime")
        }
        let runtime = try EngineLoading(
            devices: base.tensorRT.gpus, search: search ?? NVIDIASearch(base)
        ).embedding(enginePath: path, trust: try EngineTrust(base.storage))
        try requireOwn(runtime.information, at: path)
        return LoadedRuntime(runtime: runtime, warnings: runtime.warnings)
    }

    /// An engine runs as it was built; what was named beside it must say the same.
    private func requireOwn(_ information: EmbedderInformation, at path: String) throws(ArcFaceError) {
        var named: [(asked: String, own: String)] = []
        if let backend, backend != .auto { named.append((backend.rawValue, information.backend)) }
        if let precision { named.append((precision.rawValue, information.precision.rawValue)) }
        for (asked, own) in named where asked != own {
            throw ArcFaceError(
                .configuration, "the engine is \(own), not \(asked)", at: path,
                mend: "drop '\(asked)', or name another engine")
        }
    }
}

/// A runtime that is loaded, and what the user should be told about it.
struct LoadedRuntime: Sendable {
    let runtime: any EmbeddingRuntime
    /// One line for each thing that isn't as it was asked for.
    let warnings: [String]
}
