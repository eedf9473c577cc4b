import CUDADriver
import CUDAEngine
import EngineStore
import ONNXModel

extension CUDATools {
    /// Batch sizes that get kernels and a graph of their own: others are padded to the next one.
    static func batches(upTo largest: Int) -> [Int] {
        [1, 8, 32, 128].filter { $0 < largest } + [largest]
    }

    package func build(
        _ order: EngineOrder, on gpus: GPUSet?, progress: @escaping @Sendable (EngineBuildProgress) -> Bool
    ) throws(ArcFaceError) -> EngineProduct? {
        let start = ContinuousClock.now
        let element = try Self.element(order.precision)
        guard element == .float16 || order.options.tiles != .measured else {
            throw ArcFaceError(
                .configuration, "the kernels of fp32 engines have no tiles to measure", at: "--tiles",
                mend: "leave --tiles out, or use --precision fp16")
        }
        guard let compiler else {
            throw ArcFaceError(.unavailable, "NVRTC wasn't loaded", at: name)
        }
        do throws(ResidentEngine.Failure) {
            let (target, network) = try Self.engine { () throws(CUDAEngineError) in
                (try self.target(order, gpus), try Self.network(order))
            }
            var engine = EngineCompiler(
                target: target, batches: Self.batches(upTo: order.batch.largest), element: element)
            // The exact kernels are there to tell rounding from a fault, not to be fast.
            let measured =
                element == .float32 ? nil : try tiles(of: network, engine, order, gpus, since: start, progress)
            engine.tiles = measured?.outcome.tiles ?? MeasuredTiles()
            // Measuring takes most of the time where it is done.
            let before = measured == nil ? 0 : 0.95
            return try Self.engine { () throws(CUDAEngineError) in
                let compiled = try engine.compile(network)
                let cubins = try KernelBuild(compiler: compiler, architecture: target.architecture)
                    .cubins(of: compiled.plan.kernels, known: measured?.outcome.cubins ?? [:]) { done, count in
                        progress(
                            EngineBuildProgress(
                                phase: "compiling kernels",
                                fraction: before + (1 - before) * Double(done) / Double(count),
                                elapsed: ContinuousClock.now - start))
                    }
                return EngineProduct(
                    plan: PlanArray(
                        bytes: EngineFile.bytes(plan: compiled.plan, cubins: cubins, weights: compiled.weights)),
                    layerCount: network.operations.count, buildDuration: ContinuousClock.now - start,
                    timingCache: measured?.outcome.timings.bytes ?? [],
                    usedTimingCache: measured?.usedCache ?? false, warnings: [],
                    notes: measured?.notes
                        ?? (element == .float32 ? [] : ["tiles: the table's, as nothing was measured"]),
                    tiles: measured == nil ? .table : .measured)
            }
        } catch {
            if case .engine(let failure) = error, failure.code == .cancelled { return nil }
            throw GPUFailure(error).error
        }
    }

    /// What an engine of a precision is made of.
    private static func element(_ precision: EnginePrecision) throws(ArcFaceError) -> PlanValue.Element {
        switch precision {
        case .fp32: return .float32
        case .fp16: return .float16
        case .int8:
            throw ArcFaceError(
                .configuration, "native CUDA engines compute in fp16 or fp32, not in int8", at: "tensorrt.precision",
                mend: "use --precision fp16, or another --runtime")
        }
    }

    /// Calls of the compiler.
    private static func engine<Value>(
        _ body: () throws(CUDAEngineError) -> Value
    ) throws(ResidentEngine.Failure) -> Value {
        do throws(CUDAEngineError) { return try body() } catch { throw .engine(error) }
    }

    private func target(_ order: EngineOrder, _ gpus: GPUSet?) throws(CUDAEngineError) -> KernelTarget {
        let wanted = order.options.computeCapabilities
        guard wanted.count <= 1, let number = wanted.first ?? gpus?.sm else {
            throw CUDAEngineError(
                .unsupportedGPU,
                wanted.isEmpty ? "there is no GPU here to build for" : "an engine is for one kind of GPU",
                mend: "name one kind of GPU, such as --compute-capability 90")
        }
        // Tiles are chosen for the GPU at hand if it is of that kind.
        let isHere = gpus?.sm == number
        return KernelTarget(
            try KernelArchitecture(number), multiprocessors: isHere ? gpus?.first.multiprocessorCount : nil)
    }

    private static func network(_ order: EngineOrder) throws(CUDAEngineError) -> FusedNetwork {
        let model: PreparedModel
        do throws(ONNXModelError) {
            model = try FaceModel.prepare(bytes: order.graph, preprocessing: nil, target: .portable)
        } catch {
            throw CUDAEngineError(.unusableWeights, error.description, at: order.name)
        }
        do throws(CUDAEngineError) {
            return try EngineCompiler.network(of: model)
        } catch {
            var error = error
            // The graph was made in memory; what the user knows is the file.
            error.where = error.where.isEmpty ? order.name : "\(order.name), \(error.where)"
            throw error
        }
    }
}

/// An engine in an array.
private struct PlanArray: PlanSource {
    let bytes: [UInt8]

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes(body)
    }
}
