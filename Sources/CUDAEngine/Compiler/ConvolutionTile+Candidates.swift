extension ConvolutionTile {
    /// Tiles that the kernel's contract allows for a step, on a GPU of the target's kind.
    static func candidates(for step: PlanStep, batch: Int, target: KernelTarget) -> [ConvolutionTile] {
        let depth = WeightMatrix.depth(of: step) / 64
        let rows = batch * step.outputShape.height * step.outputShape.width
        let usual = best(for: step, batch: batch, target: target)
        var tiles: [ConvolutionTile] = []
        for shape in shapes where shape.sharedMemory <= sharedMemoryLimit {
            // A tile that is mostly outside the product only wastes.
            guard shape.pixels <= 2 * max(rows, 16), shape.channels <= 2 * max(step.channels, 32) else { continue }
            for splits in Set([1, 2, 4, 8, 16, 32, usual.splits]) where splits <= max(1, min(depth / 4, 32)) {
                var tile = shape
                tile.splits = splits
                tiles.append(tile)
            }
        }
        return tiles
    }

    /// What every GPU that the kernels are for gives a block.
    private static let sharedMemoryLimit = 98_304

    private static let shapes: [ConvolutionTile] = [
        (16, 64, 1, 4, 6), (16, 64, 1, 4, 9), (32, 64, 2, 2, 4), (32, 64, 2, 2, 8), (64, 64, 2, 2, 4),
        (64, 64, 2, 2, 6),
        (64, 128, 2, 4, 3), (128, 32, 4, 1, 4), (128, 64, 4, 2, 3), (128, 64, 4, 2, 4), (128, 128, 4, 2, 2),
        (128, 128, 4, 2, 3),
    ].map { ConvolutionTile(pixels: $0.0, channels: $0.1, warpsPixels: $0.2, warpsChannels: $0.3, stages: $0.4) }

    /// Cycles of a multiprocessor by a plain model; it only orders candidates.
    func cost(of step: PlanStep, batch: Int, target: KernelTarget) -> Double {
        let rows = batch * step.outputShape.height * step.outputShape.width
        let threads = 32 * warpsPixels * warpsChannels
        let together = max(1, min(200_000 / max(sharedMemory, 1), 1024 / threads))
        let all = blocks(rows: rows, channels: step.channels) * splits
        let waves = Double(all.divided(by: target.multiprocessors * together))
        // Blocks of a multiprocessor share its tensor cores and its way to the L2 cache.
        let sharing = Double(min(together, all.divided(by: target.multiprocessors)))
        let products = Double(pixels * channels * 64) / 1024 * sharing
        let bytes = Double((pixels + channels) * 128) / 28 * sharing
        let steps = Double((WeightMatrix.depth(of: step) / 64).divided(by: splits))
        let reduction = splits > 1 ? 1000 + Double(splits * pixels * channels * 4) / 28 : 0
        return waves * (steps * max(products, bytes, 250) + 800) + reduction
    }
}
