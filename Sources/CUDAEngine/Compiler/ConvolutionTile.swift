/// How `convolution.cu` cuts its product: pixels × output channels for a block, and the sum's depth over blocks.
struct ConvolutionTile: Hashable {
    var pixels, channels: Int
    var warpsPixels, warpsChannels: Int
    var stages: Int
    var splits = 1

    /// The first tile of the kernels' table that fits, with the sum split where there would be too few blocks.
    static func best(for step: PlanStep, batch: Int, target: KernelTarget) -> ConvolutionTile {
        if step.size == 1, step.inputShape.channels >= longProduct { return long(batch: batch) }
        let rows = batch * step.outputShape.height * step.outputShape.width
        let channels = step.channels
        var tile = shape(rows: rows, channels: channels, target: target)
        let depth = WeightMatrix.depth(of: step) / 64
        let blocks = tile.blocks(rows: rows, channels: channels)
        let wanted = (2 * target.multiprocessors + blocks) / (2 * blocks)
        tile.splits = max(1, min(wanted, 16, depth / 4))
        return tile
    }

    /// From this depth on a product is the final one, whose weights outweigh everything else.
    private static let longProduct = 8192

    private static func long(batch: Int) -> ConvolutionTile {
        if batch <= 16 {
            return ConvolutionTile(
                pixels: 16, channels: 64, warpsPixels: 1, warpsChannels: 4, stages: 9, splits: 32)
        }
        let (warps, isMiddle) = (2, batch <= 64)
        return ConvolutionTile(
            pixels: isMiddle ? 32 : 64, channels: 64, warpsPixels: warps, warpsChannels: warps,
            stages: isMiddle ? 8 : 6, splits: isMiddle ? 16 : 8)
    }

    private static func shape(rows: Int, channels: Int, target: KernelTarget) -> ConvolutionTile {
        if rows <= 16 {
            return ConvolutionTile(pixels: 16, channels: 64, warpsPixels: 1, warpsChannels: 4, stages: 6)
        }
        if channels <= 32 {
            return ConvolutionTile(pixels: 128, channels: 32, warpsPixels: 4, warpsChannels: 1, stages: 4)
        }
        let tall = ConvolutionTile(pixels: 128, channels: 64, warpsPixels: 4, warpsChannels: 2, stages: 3)
        if channels <= 64 || channels % 128 != 0,
            tall.blocks(rows: rows, channels: channels) >= target.multiprocessors
        {
            return tall
        }
        // Parts of the generations have less shared memory.
        let isSmall = [86, 89].contains(target.architecture.number) || target.architecture.number >= 120
        let wide = ConvolutionTile(
            pixels: 128, channels: 128, warpsPixels: 4, warpsChannels: 2, stages: isSmall ? 2 : 3)
        if wide.blocks(rows: rows, channels: channels) >= target.multiprocessors { return wide }
        let square = ConvolutionTile(pixels: 64, channels: 64, warpsPixels: 2, warpsChannels: 2, stages: 4)
        if square.blocks(rows: rows, channels: channels) >= target.multiprocessors / 2 { return square }
        return ConvolutionTile(pixels: 32, channels: 64, warpsPixels: 2, warpsChannels: 2, stages: 4)
    }

    /// Blocks of the grid, without splits.
    func blocks(rows: Int, channels: Int) -> Int {
        rows.divided(by: pixels) * channels.divided(by: self.channels)
    }

    /// Bytes of dynamic shared memory.
    var sharedMemory: Int {
        max(stages * (pixels + channels) * 128, pixels * (channels * 4 + 16))
    }
}
