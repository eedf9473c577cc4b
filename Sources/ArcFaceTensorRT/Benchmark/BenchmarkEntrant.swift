import Digests
import Evaluation
import Foundation

/// A runtime that takes part in a benchmark: loaded, and run once at each batch size.
final class BenchmarkEntrant {
    let name: NamedRuntime
    let loaded: LoadedRuntime
    let cells: [BenchmarkCell]
    let loadSeconds: Double
    let memory: Int
    let gpuMemory: Int?
    let leastCosine: Double?
    /// What computes, in the words of a roofline.
    let arithmetic: Roofline.Arithmetic
    let modelDigest: String
    /// The ONNX file that tells operations and weights; nil for engines and checkpoints.
    let model: ModelReport?

    /// Loads the runtime and calls it once for each batch size.
    ///
    /// - Parameters:
    ///   - name: the runtime.
    ///   - configuration: everything that the name doesn't say.
    ///   - batchSizes: faces of a call.
    ///   - faces: as many as the largest batch takes.
    ///   - observer: tells memory.
    ///   - first: whose embeddings this one's are compared with.
    ///   - engines: where engines come from.
    /// - Throws: `ArcFaceError` with what failed.
    init(
        _ name: NamedRuntime, configuration: ArcFaceConfiguration, batchSizes: [Int], faces: BenchmarkFaces,
        observer: MachineObserver, first: BenchmarkEntrant?, engines: any EngineProvider
    ) throws(ArcFaceError) {
        let before = (resident: observer.residentMemory, gpu: observer.gpuMemory)
        let clock = ContinuousClock()
        let start = clock.now
        loaded = try name.load(configuration, engines: engines)
        loadSeconds = (clock.now - start).inSeconds
        let runtime = loaded.runtime
        let cells = batchSizes.map { BenchmarkCell(runtime, batch: $0, faces: faces) }
        for cell in cells { try cell.callFirst() }
        self.cells = cells
        self.name = name
        memory = max(0, observer.residentMemory - before.resident)
        gpuMemory = observer.gpuMemory.flatMap { now in before.gpu.map { max(0, now - $0) } }
        leastCosine = faces.areReal ? Self.leastCosine(cells, first?.cells) : nil
        let own = try name.configuration(from: configuration)
        let onGPU = !runtime.information.device.hasPrefix("CPU")
        arithmetic = Self.arithmetic(runtime.information, mode: own.pyTorch.mode, onGPU: onGPU)
        let path = runtime.information.modelPath
        do throws(DigestError) {
            modelDigest = try Digest.of(file: path).description
        } catch {
            throw ArcFaceError(.modelMissing, error.what, at: error.location, mend: error.mend)
        }
        model = path.hasSuffix(".onnx") ? try ModelReport(path: path) : nil
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
