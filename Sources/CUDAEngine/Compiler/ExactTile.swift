/// How `exact_convolution.cu` cuts its product: pixels × output channels for a block, and the sum's depth over blocks.
struct ExactTile: Hashable {
    var pixels, channels: Int
    var splits: Int

    /// The largest tile that leaves no multiprocessor idle.
    ///
    /// The sum is cut by the layer alone, never by the batch: the order of additions decides the last bits, and a face must
    /// get the same ones in every batch.
    static func best(for step: PlanStep, batch: Int, target: KernelTarget) -> ExactTile {
        let rows = batch * step.outputShape.height * step.outputShape.width
        let depth = step.size * step.size * step.inputShape.channels
        var tile = ExactTile(pixels: 32, channels: 32, splits: depth >= longProduct ? 16 : 1)
        let shapes = [(128, 128), (128, 64), (64, 64)]
        let fitting = shapes.first { pixels, channels in
            (channels == 64 || step.channels % channels == 0)
                && rows.divided(by: pixels) * step.channels.divided(by: channels) >= target.multiprocessors
        }
        if let fitting { (tile.pixels, tile.channels) = fitting }
        return tile
    }

    /// From this depth on a product is the final one, which has few outputs and a long sum for each.
    private static let longProduct = 8192
}
