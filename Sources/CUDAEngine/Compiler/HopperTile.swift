/// How `hopper_convolution.cu` cuts its product: weights stream past tiles of the image.
struct HopperTile: Hashable {
    /// Output rows of a subtile, and eighths of the columns of the matrix instruction.
    var rows, octets: Int
    /// Warpgroups along channels and pixels, and subtiles for each.
    var groupsChannels = 1
    var groupsPixels = 1
    var subtiles = 1
    var weightStages, inputStages: Int
    /// Whether all weights stay in shared memory.
    var isResident = false
    /// Whether the subtiles of a block are one piece of the image.
    var isJoined = false
    /// Bytes that a block asks for at least: with more than half of a multiprocessor's it has one for itself.
    var leastSharedMemory = 118_784

    /// Subtiles of a block.
    var blockTiles: Int { groupsPixels * subtiles }

    /// Rows of the boxes in which the input comes.
    func boxRows(for step: PlanStep) -> Int {
        step.stride == 2 ? rows + 1 : (isJoined ? blockTiles * rows : rows) + 2
    }

    /// Steps of weights that are held: all of them where they stay.
    func stages(for step: PlanStep, shortcut: Int) -> Int {
        isResident ? (9 * step.inputShape.channels + shortcut) / 64 : weightStages
    }

    /// Bytes of shared memory of a block, by the kernels' contract; `shortcut` is the input channels of a product beside it.
    func sharedMemory(for step: PlanStep, shortcut: Int) -> Int {
        let pitch = step.outputShape.width + 1
        let boxes = (isJoined ? 1 : blockTiles) * (step.stride == 2 ? 4 : 1)
        let reach =
            (isJoined ? (blockTiles - 1) * rows * pitch : 0) + 8 * octets
            + (step.stride == 1 ? 2 * pitch + 2 : pitch + 1)
        let box = (128 * max(boxRows(for: step) * pitch, reach)).rounded(upTo: 1024)
        let weights = stages(for: step, shortcut: shortcut) * groupsChannels * 8192
        let stored = groupsChannels * blockTiles * (128 * max(rows * pitch, 8 * octets)).rounded(upTo: 1024)
        return max(leastSharedMemory, weights + inputStages * boxes * box + stored + 2048)
    }
}

/// How `hopper_split.cu` cuts its product at small batches: the sum is split over the blocks of a cluster.
struct HopperSplitTile: Hashable {
    /// As in `HopperTile`.
    var rows, octets: Int
    var groupsChannels = 1
    var groupsPixels = 1
    var subtiles = 1
    /// Blocks of a cluster: 1, 2, 4 or 8.
    var splits = 1
    /// As in `HopperTile`.
    var leastSharedMemory = 118_784

    /// Rows of the boxes in which the input comes.
    func boxRows(for step: PlanStep) -> Int { rows + (step.stride == 2 ? 1 : 2) }

    /// Bytes of shared memory of a block, by the kernels' contract; `shortcut` is the input channels of a product beside it.
    func sharedMemory(for step: PlanStep, shortcut: Int) -> Int {
        let pitch = step.outputShape.width + 1
        let groups = groupsChannels * groupsPixels
        let reach = 8 * octets + (step.stride == 1 ? 2 * pitch + 2 : pitch + 1)
        let box = (128 * max(boxRows(for: step) * pitch, reach)).rounded(upTo: 1024)
        let chunks = step.inputShape.channels / 64
        let steps = 9 * chunks + shortcut / 64
        let share = (subtiles * octets).divided(by: splits)
        let weights = steps.divided(by: splits) * groupsChannels * 8192
        let inputs = mostChunks(of: steps, chunks) * groupsPixels * subtiles * (step.stride == 2 ? 4 : 1) * box
        let parts = splits > 1 ? splits * share * groups * 2048 : 0
        let all = (weights + inputs + parts + groups * share * 1024).rounded(upTo: 1024) + 2048
        return max(leastSharedMemory, all)
    }

    /// The most chunks of 64 input channels that the steps of one block of a cluster touch.
    private func mostChunks(of steps: Int, _ chunks: Int) -> Int {
        func chunk(_ step: Int) -> Int { step < 9 * chunks ? step / 9 : step - 8 * chunks }
        return (0..<splits).map { rank in
            let (first, end) = (rank * steps / splits, (rank + 1) * steps / splits)
            return chunk(end - 1) - chunk(first) + 1
        }.max() ?? 1
    }
}
