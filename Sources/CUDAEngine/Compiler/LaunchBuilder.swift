/// Writes a step with the kernel chosen for it as a launch: macros, grid, shared memory.
struct LaunchBuilder {
    let target: KernelTarget
    let batch: Int
    let mean: Float
    /// What activations are made of.
    let element: PlanValue.Element
    /// The plan's values.
    let values: [PlanValue]

    /// A launch, the kernel it launches, and what it needs beside its operands.
    struct Result {
        var variant: KernelVariant
        var grid, block: PlanExtents
        var cluster: PlanExtents?
        var sharedMemory = 0
        var arguments = PlanLaunch.Arguments.pointers
        var workspaceByteCount = 0
        var counterByteCount = 0
    }

    func launch(of step: PlanStep, _ choice: KernelChoice) -> Result {
        switch choice {
        case .stem(let tileRows): stem(step, tileRows)
        case .convolution(let tile): convolution(step, tile)
        case .depthwise: depthwise(step)
        case .elementwise: elementwise(step)
        case .exact(let tile): exact(step, tile)
        case .hopper(let tile): hopper(step, tile)
        case .hopperSplit(let tile): hopper(step, tile)
        }
    }

    private func stem(_ step: PlanStep, _ tileRows: Int) -> Result {
        let literal = "\(mean)f"
        let variant = KernelVariant(
            "stem",
            [
                "C_OUT": "\(step.channels)", "OUT_HEIGHT": "\(step.outputShape.height)",
                "OUT_WIDTH": "\(step.outputShape.width)", "STRIDE": "\(step.stride)",
                "IN_HEIGHT": "\(step.inputShape.height)", "IN_WIDTH": "\(step.inputShape.width)",
                "TILE_ROWS": "\(tileRows)", "MEAN_B": literal, "MEAN_G": literal, "MEAN_R": literal,
                "EPILOGUE": "\(step.epilogue.rawValue)",
            ])
        return Result(
            variant: variant, grid: PlanExtents(step.outputShape.height.divided(by: tileRows), batch),
            block: PlanExtents(256))
    }

    private func convolution(_ step: PlanStep, _ tile: ConvolutionTile) -> Result {
        let variant = KernelVariant(
            "convolution",
            [
                "SIZE": "\(step.size)", "STRIDE": "\(step.stride)", "PADDING": "\(step.padding)",
                "IN_HEIGHT": "\(step.inputShape.height)", "IN_WIDTH": "\(step.inputShape.width)",
                "OUT_HEIGHT": "\(step.outputShape.height)", "OUT_WIDTH": "\(step.outputShape.width)",
                "C_IN": "\(step.inputShape.channels)", "C_OUT": "\(step.channels)", "TILE_PIXELS": "\(tile.pixels)",
                "TILE_CHANNELS": "\(tile.channels)", "WARPS_PIXELS": "\(tile.warpsPixels)",
                "WARPS_CHANNELS": "\(tile.warpsChannels)", "STAGES": "\(tile.stages)", "SPLITS": "\(tile.splits)",
                "EPILOGUE": "\(step.epilogue.rawValue)",
            ])
        let rows = batch * step.outputShape.height * step.outputShape.width
        let grid = PlanExtents(rows.divided(by: tile.pixels), step.channels.divided(by: tile.channels), tile.splits)
        var result = Result(
            variant: variant, grid: grid, block: PlanExtents(32 * tile.warpsPixels * tile.warpsChannels),
            sharedMemory: tile.sharedMemory)
        if tile.splits > 1 {
            result.workspaceByteCount = grid.x * grid.y * grid.z * tile.pixels * tile.channels * 4
            result.counterByteCount = grid.x * grid.y * 4
        }
        return result
    }

    private func depthwise(_ step: PlanStep) -> Result {
        let variant = KernelVariant(
            "depthwise",
            [
                "SIZE": "\(step.size)", "STRIDE": "\(step.stride)", "PADDING": "\(step.padding)",
                "IN_HEIGHT": "\(step.inputShape.height)", "IN_WIDTH": "\(step.inputShape.width)",
                "OUT_HEIGHT": "\(step.outputShape.height)", "OUT_WIDTH": "\(step.outputShape.width)",
                "CHANNELS": "\(step.channels)", "ELEMENT_BYTES": "\(element.byteCount)",
                "EPILOGUE": "\(step.epilogue.rawValue)",
            ])
        return Result(variant: variant, grid: octetGrid(step), block: PlanExtents(256))
    }

    private func elementwise(_ step: PlanStep) -> Result {
        let variant = KernelVariant(
            "elementwise",
            [
                "PIXELS": "\(step.outputShape.height * step.outputShape.width)", "CHANNELS": "\(step.channels)",
                "ELEMENT_BYTES": "\(element.byteCount)", "EPILOGUE": "\(step.epilogue.rawValue)",
            ])
        return Result(variant: variant, grid: octetGrid(step), block: PlanExtents(256))
    }

    /// A thread for eight channels of a place.
    private func octetGrid(_ step: PlanStep) -> PlanExtents {
        PlanExtents((batch * step.outputShape.count / 8).divided(by: 256))
    }
}
