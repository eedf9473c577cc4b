import CUDAEngine
import ONNXModel

extension EngineReport {
    /// Takes what a plan of ours tells: it is data, so this needs no GPU.
    mutating func describe(_ plan: EnginePlan, layers wanted: Bool) {
        source = .engine
        tensors = [
            Tensor(
                name: FaceModel.inputName, mode: "input", type: "uint8",
                shape: [-1, plan.imageHeight, plan.imageWidth, 3]),
            Tensor(name: FaceModel.outputName, mode: "output", type: "float", shape: [-1, plan.embeddingWidth]),
        ]
        profiles = plan.buckets.map { Profile(min: 1, opt: $0.batch, max: $0.batch) }
        contextBytes = ScratchMemory.byteCount(plan, upTo: plan.maximumBatch)
        layerCount = plan.steps.count
        guard wanted, let largest = plan.buckets.last else { return }
        layers = largest.launches.map { launch in
            let step = plan.steps[launch.step]
            let kernel = plan.kernels[launch.kernel].source
            return Layer(
                name: step.name, type: "\(kernel) \(step.inputShape) to \(step.outputShape)",
                precision: plan.values[step.output].element == .float32 ? "fp32" : "fp16")
        }
    }
}
