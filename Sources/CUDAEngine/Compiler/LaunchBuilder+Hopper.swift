/// Launches of `hopper_convolution.cu` and `hopper_split.cu`.
extension LaunchBuilder {
    func hopper(_ step: PlanStep, _ tile: HopperTile) -> Result {
        let shortcut = shortcutChannels(step)
        let shared = tile.sharedMemory(for: step, shortcut: shortcut)
        let variant = KernelVariant(
            "hopper_convolution",
            [
                "C_IN": "\(step.inputShape.channels)", "C_OUT": "\(step.channels)", "C_SHORTCUT": "\(shortcut)",
                "OUT_HEIGHT": "\(step.outputShape.height)", "OUT_WIDTH": "\(step.outputShape.width)",
                "STRIDE": "\(step.stride)", "TILE_ROWS": "\(tile.rows)", "OCTETS": "\(tile.octets)",
                "GROUPS_CHANNELS": "\(tile.groupsChannels)", "GROUPS_PIXELS": "\(tile.groupsPixels)",
                "SUBTILES": "\(tile.subtiles)", "WEIGHT_STAGES": "\(tile.stages(for: step, shortcut: shortcut))",
                "INPUT_STAGES": "\(tile.inputStages)", "RESIDENT": tile.isResident ? "1" : "0",
                "JOINED": tile.isJoined ? "1" : "0", "EPILOGUE": "\(step.epilogue.rawValue)",
                "SHARED_BYTES": "\(shared)",
            ])
        let items = items(step, rows: tile.rows, blockTiles: tile.blockTiles, groupsChannels: tile.groupsChannels)
        return Result(
            variant: variant, grid: PlanExtents(min(items, target.multiprocessors)),
            // Two warps beside the warpgroups: one brings tiles, one takes them away.
            block: PlanExtents(128 * tile.groupsChannels * tile.groupsPixels + 64), sharedMemory: shared,
            arguments: .tensorMaps(maps(of: step, rows: tile.rows, boxRows: tile.boxRows(for: step))))
    }

    func hopper(_ step: PlanStep, _ tile: HopperSplitTile) -> Result {
        let shortcut = shortcutChannels(step)
        let shared = tile.sharedMemory(for: step, shortcut: shortcut)
        let variant = KernelVariant(
            "hopper_split",
            [
                "C_IN": "\(step.inputShape.channels)", "C_OUT": "\(step.channels)", "C_SHORTCUT": "\(shortcut)",
                "OUT_HEIGHT": "\(step.outputShape.height)", "OUT_WIDTH": "\(step.outputShape.width)",
                "STRIDE": "\(step.stride)", "TILE_ROWS": "\(tile.rows)", "OCTETS": "\(tile.octets)",
                "GROUPS_CHANNELS": "\(tile.groupsChannels)", "GROUPS_PIXELS": "\(tile.groupsPixels)",
                "SUBTILES": "\(tile.subtiles)", "SPLITS": "\(tile.splits)",
                "EPILOGUE": "\(step.epilogue.rawValue)", "SHARED_BYTES": "\(shared)",
            ])
        let items = items(
            step, rows: tile.rows, blockTiles: tile.groupsPixels * tile.subtiles, groupsChannels: tile.groupsChannels)
        return Result(
            variant: variant, grid: PlanExtents(items * tile.splits),
            block: PlanExtents(128 * tile.groupsChannels * tile.groupsPixels + 32),
            cluster: PlanExtents(tile.splits), sharedMemory: shared,
            arguments: .tensorMaps(maps(of: step, rows: tile.rows, boxRows: tile.boxRows(for: step))))
    }

    private func shortcutChannels(_ step: PlanStep) -> Int {
        step.shortcut.map { values[$0].shape.channels } ?? 0
    }

    /// Pieces of work: groups of tiles by groups of channels.
    private func items(_ step: PlanStep, rows: Int, blockTiles: Int, groupsChannels: Int) -> Int {
        let tiles = batch * step.outputShape.height.divided(by: rows)
        return tiles.divided(by: blockTiles) * (step.channels / (64 * groupsChannels))
    }

    private func maps(of step: PlanStep, rows: Int, boxRows: Int) -> [PlanTensorMap] {
        let pitch = step.outputShape.width + 1
        let input =
            step.stride == 1
            ? PlanTensorMap(value: step.input, box: [64, pitch, boxRows, 1], elementStrides: [1, 1, 1, 1])
            : PlanTensorMap(value: step.input, box: [64, 2 * pitch, 2 * boxRows, 1], elementStrides: [1, 2, 2, 1])
        let output = PlanTensorMap(value: step.output, box: [64, pitch, rows, 1], elementStrides: [1, 1, 1, 1])
        var residual = output
        if let value = step.residual { residual.value = value }
        let shortcut = step.shortcut.map {
            PlanTensorMap(value: $0, box: [64, 2 * pitch, 2 * rows, 1], elementStrides: [1, 2, 2, 1])
        }
        return [input, output, residual, shortcut ?? input]
    }
}
