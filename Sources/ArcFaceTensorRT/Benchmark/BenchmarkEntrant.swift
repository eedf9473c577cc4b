import Evaluation

/// A runtime that takes part in a benchmark: loaded, and run once at each batch size.
final class BenchmarkEntrant {
    let name: NamedRuntime
    let loaded: LoadedRuntime
    let cells: [BenchmarkCell]
    let loadSeconds: Double
    /// Bytes that the process and its children grew by; nil where others were loaded at the same time.
    let memory: Int?
    let gpuMemory: Int?
    let leastCosine: Double?
    /// What computes, in the words of a roofline.
    let arithmetic: Roofline.Arithmetic
    let modelDigest: String
    /// The ONNX file that tells operations and weights; nil for engines that were named by file, and checkpoints.
    let model: ModelReport?

    /// Memory in use at a moment, in bytes.
    struct Memory {
        let resident: Int
        let gpu: Int?

        init(_ observer: MachineObserver) {
            resident = observer.residentMemory
            gpu = observer.gpuMemory
        }
    }

    /// Calls a runtime once for each batch size.
    ///
    /// - Parameters:
    ///   - load: the runtime.
    ///   - configuration: everything that its name doesn't say.
    ///   - batchSizes: faces of a call.
    ///   - faces: as many as the largest batch takes.
    ///   - memory: what was in use before it was loaded, and who tells what is now; nil where it can't be told apart.
    ///   - first: whose embeddings this one's are compared with.
    ///   - models: what is known of model files.
    /// - Throws: `ArcFaceError` with what failed.
    init(
        _ load: BenchmarkLoad, configuration: ArcFaceConfiguration, batchSizes: [Int], faces: BenchmarkFaces,
        memory: (before: Memory, observer: MachineObserver)?, first: BenchmarkEntrant?, models: inout BenchmarkModels
    ) throws(ArcFaceError) {
        name = load.name
        loaded = load.loaded
        loadSeconds = load.seconds
        let runtime = loaded.runtime
        let cells = batchSizes.map { BenchmarkCell(runtime, batch: $0, faces: faces) }
        for cell in cells { try cell.callFirst() }
        self.cells = cells
        let after = memory.map { Memory($0.observer) }
        self.memory = memory.flatMap { memory in after.map { max(0, $0.resident - memory.before.resident) } }
        gpuMemory = memory?.before.gpu.flatMap { before in after?.gpu.map { max(0, $0 - before) } }
        leastCosine = faces.areReal ? Self.leastCosine(cells, first?.cells) : nil
        let own = try name.configuration(from: configuration)
        let onGPU = !runtime.information.device.hasPrefix("CPU")
        arithmetic = Self.arithmetic(runtime.information, mode: own.pyTorch.mode, onGPU: onGPU)
        let path = runtime.information.modelPath
        modelDigest = try models.digest(of: path)
        if path.hasSuffix(".onnx") {
            model = try models.report(of: path)
        } else if case .engine = name.source {
            model = nil
        } else if path.hasSuffix(".plan") {
            // Found or built by the configured model.
            model = try models.report(of: own.tensorRT.onnxPath)
        } else {
            model = nil
        }
    }

    /// The least cosine between the embeddings of the largest batch; nil where they can't be compared.
    private static func leastCosine(_ own: [BenchmarkCell], _ first: [BenchmarkCell]?) -> Double? {
        func largest(_ cells: [BenchmarkCell]) -> BenchmarkCell? { cells.max { $0.batch < $1.batch } }
        guard let mine = largest(own), let theirs = first.flatMap(largest),
            mine.runtime.information.embeddingWidth == theirs.runtime.information.embeddingWidth
        else { return nil }
        let metrics = mine.embeddings.withUnsafeBufferPointer { candidate in
            theirs.embeddings.withUnsafeBufferPointer { reference in
                try? AgreementMetrics(
                    reference: reference, candidate: candidate, width: mine.runtime.information.embeddingWidth)
            }
        }
        return metrics?.cosineMin
    }

    /// What a network in float32 computes in: on a GPU every runtime but strict PyTorch and our own engine uses TF32 in
    /// convolutions.
    private static func arithmetic(
        _ information: EmbedderInformation, mode: PyTorchMode, onGPU: Bool
    ) -> Roofline.Arithmetic {
        switch information.precision {
        case .int8: return .int8
        case .fp16: return .fp16
        case .fp32:
            let isStrict =
                information.backend == Backend.pyTorch.rawValue && mode == .fp32
                || information.backend == Backend.cuda.rawValue
            return onGPU && !isStrict ? .tf32 : .fp32
        }
    }
}
