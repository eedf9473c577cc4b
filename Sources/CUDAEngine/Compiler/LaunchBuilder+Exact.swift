extension LaunchBuilder {
    /// A convolution, the stem or the final product in float32 throughout.
    func exact(_ step: PlanStep, _ tile: ExactTile) -> Result {
        let takesFaces = step.kind == .stem
        let variant = KernelVariant(
            "exact_convolution",
            [
                "SIZE": "\(step.size)", "STRIDE": "\(step.stride)", "PADDING": "\(step.padding)",
                "IN_HEIGHT": "\(step.inputShape.height)", "IN_WIDTH": "\(step.inputShape.width)",
                "OUT_HEIGHT": "\(step.outputShape.height)", "OUT_WIDTH": "\(step.outputShape.width)",
                "C_IN": "\(step.inputShape.channels)", "C_OUT": "\(step.channels)", "TILE_PIXELS": "\(tile.pixels)",
                "TILE_CHANNELS": "\(tile.channels)", "SPLITS": "\(tile.splits)", "FACES": takesFaces ? "1" : "0",
                "MEAN": "\(takesFaces ? mean : 0)f", "EPILOGUE": "\(step.epilogue.rawValue)",
            ])
        let rows = batch * step.outputShape.height * step.outputShape.width
        let grid = PlanExtents(rows.divided(by: tile.pixels), step.channels.divided(by: tile.channels), tile.splits)
        var result = Result(variant: variant, grid: grid, block: PlanExtents(256))
        if tile.splits > 1 {
            result.workspaceByteCount = grid.x * grid.y * grid.z * tile.pixels * tile.channels * 4
            result.counterByteCount = grid.x * grid.y * 4
        }
        return result
    }
}
