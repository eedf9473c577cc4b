/// Launches of `hopper_convolution.cu`.
extension LaunchBuilder {
    func hopper(_ step: PlanStep, _ tile: HopperTile) -> Result {
        let blocks = tile.groupsPixels * tile.subtiles
        let tiles = step.outputShape.height.divided(by: tile.rows)
        let items = (batch * tiles).divided(by: blocks) * (step.channels / (64 * tile.groupsChannels))
        let shared = tile.sharedMemory(for: step)
        let variant = KernelVariant(
            "hopper_convolution",
            [
                "C_IN": "\(step.inputShape.channels)", "C_OUT": "\(step.channels)", "C_SHORTCUT": "0",
                "OUT_HEIGHT": "\(step.outputShape.height)", "OUT_WIDTH": "\(step.outputShape.width)",
                "STRIDE": "\(step.stride)", "TILE_ROWS": "\(tile.rows)", "OCTETS": "\(tile.octets)",
                "GROUPS_CHANNELS": "\(tile.groupsChannels)", "GROUPS_PIXELS": "\(tile.groupsPixels)",
                "SUBTILES": "\(tile.subtiles)", "WEIGHT_STAGES": "\(tile.weightStages)",
                "INPUT_STAGES": "\(tile.inputStages)", "RESIDENT": tile.isResident ? "1" : "0",
                "JOINED": tile.isJoined ? "1" : "0", "EPILOGUE": "\(step.epilogue.rawValue)",
                "SHARED_BYTES": "\(shared)",
            ])
        return Result(
            variant: variant, grid: PlanExtents(min(items, target.multiprocessors)),
            block: PlanExtents(128 * tile.groupsChannels * tile.groupsPixels + 32), sharedMemory: shared,
            arguments: .tensorMaps(maps(of: step, tile)))
    }

    private func maps(of step: PlanStep, _ tile: HopperTile) -> [PlanTensorMap] {
        let pitch = step.outputShape.width + 1
        let rows = tile.boxRows(for: step)
        let input =
            step.stride == 1
            ? PlanTensorMap(value: step.input, box: [64, pitch, rows, 1], elementStrides: [1, 1, 1, 1])
            : PlanTensorMap(value: step.input, box: [64, 2 * pitch, 2 * rows, 1], elementStrides: [1, 2, 2, 1])
        let output = PlanTensorMap(
            value: step.output, box: [64, pitch, tile.rows, 1], elementStrides: [1, 1, 1, 1])
        var residual = output
        if let value = step.residual { residual.value = value }
        return [input, output, residual, input]
    }
}
