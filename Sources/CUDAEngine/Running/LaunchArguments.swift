internal import CUDADriver

/// The argument of a kernel that takes addresses alone, laid out as the kernels declare it (72 bytes).
struct PointerArguments: BitwiseCopyable {
    var input: UInt64
    var weights: UInt64
    var bias: UInt64
    var slope: UInt64
    var residual: UInt64
    var output: UInt64
    var workspace: UInt64
    var counters: UInt64
    var images: Int32
    var unused: Int32 = 0
}

/// What follows the four tensor maps in the argument of a kernel that copies in boxes; 64 bytes, of which the kernels declare 44.
struct TensorMapArguments: BitwiseCopyable {
    var weights: UInt64
    var bias: UInt64
    var slope: UInt64
    var output: UInt64
    var residual: UInt64
    var images: Int32
    var padding: (Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 0, 0)
}

/// Where the operands of a bucket's launches are.
struct LaunchAddresses {
    let plan: EnginePlan
    let bucket: PlanBucket
    let weights: DeviceMemory
    let scratch: ScratchMemory
    /// uint8 `[batch, height, width, 3]`.
    let faces: DeviceMemory
    /// float32 `[batch, width]`.
    let embeddings: DeviceMemory

    /// The arguments of a launch.
    ///
    /// - Throws: `CUDAError` if the driver refuses a tensor map.
    func arguments(of launch: PlanLaunch) throws(CUDAError) -> KernelArguments {
        let step = plan.steps[launch.step]
        let constants = weights.address
        let (bias, slope) = (UInt64(step.biasOffset), step.slopeOffset.map { constants + UInt64($0) } ?? 0)
        let packed = constants + UInt64(step.weights[launch.weights].offset)
        let residual = step.residual.map(address) ?? 0
        var arguments = KernelArguments()
        switch launch.arguments {
        case .pointers:
            arguments.append(
                PointerArguments(
                    input: address(step.input), weights: packed, bias: constants + bias, slope: slope,
                    residual: residual, output: address(step.output), workspace: scratch.workspace?.address ?? 0,
                    counters: scratch.counters?.address ?? 0, images: Int32(bucket.batch)))
        case .tensorMaps(let maps):
            let encoded = try maps.map { (map) throws(CUDAError) in try tensorMap(map) }
            arguments.append(
                encoded,
                followedBy: TensorMapArguments(
                    weights: packed, bias: constants + bias, slope: slope, output: address(step.output),
                    residual: residual, images: Int32(bucket.batch)))
        }
        return arguments
    }

    private func address(_ value: Int) -> UInt64 {
        if value == 0 { return faces.address }
        return bucket.placements[value].map { scratch.arena.address + UInt64($0) } ?? embeddings.address
    }

    private func tensorMap(_ map: PlanTensorMap) throws(CUDAError) -> TensorMap {
        let shape = plan.values[map.value].shape
        let row = UInt64(shape.channels * 2)
        let layout = TensorMap.Layout(
            elementType: .float16,
            extents: [shape.channels, shape.width, shape.height, bucket.batch].map { UInt64($0) },
            strides: [row, row * UInt64(shape.width), row * UInt64(shape.width * shape.height)],
            box: map.box.map { UInt32($0) }, elementStrides: map.elementStrides.map { UInt32($0) },
            swizzle: .bytes128, l2Promotion: .bytes256)
        return try TensorMap(layout, of: scratch.arena, offset: bucket.placements[map.value] ?? 0)
    }
}
