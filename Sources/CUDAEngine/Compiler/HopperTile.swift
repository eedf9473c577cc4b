/// How `hopper_convolution.cu` cuts its product.
struct HopperTile: Hashable {
    /// Output rows of a subtile, and eighths of the columns of the matrix instruction.
    var rows, octets: Int
    /// Warpgroups along channels and pixels, and subtiles for each.
    var groupsChannels, groupsPixels, subtiles: Int
    var weightStages, inputStages: Int
    /// Whether all weights stay in shared memory.
    var isResident = false
    /// Whether the subtiles of a block are one piece of the image.
    var isJoined = false

    /// The tile for a step, or nil where the portable kernel does it.
    static func best(for step: PlanStep, batch: Int, target: KernelTarget) -> HopperTile? {
        nil
    }

    /// Rows of the boxes in which the input comes.
    func boxRows(for step: PlanStep) -> Int {
        step.stride == 2 ? rows + 1 : (isJoined ? groupsPixels * subtiles * rows : rows) + 2
    }

    /// Bytes of shared memory of a block.
    func sharedMemory(for step: PlanStep) -> Int {
        let pitch = step.outputShape.width + 1
        let blocks = groupsPixels * subtiles
        let boxes = (isJoined ? 1 : blocks) * (step.stride == 2 ? 4 : 1)
        let reach =
            (isJoined ? (blocks - 1) * rows * pitch : 0) + 8 * octets + (step.stride == 1 ? 2 * pitch + 2 : pitch + 1)
        let box = (128 * max(boxRows(for: step) * pitch, reach)).rounded(upTo: 1024)
        let weights = weightStages * groupsChannels * 8192
        let stored = groupsChannels * blocks * (128 * max(rows * pitch, 8 * octets)).rounded(upTo: 1024)
        // One block has a multiprocessor for itself.
        return max(118_784, weights + inputStages * boxes * box + stored + 2048)
    }
}
