// Costs are cycles of a multiprocessor by a plain model: products at the tensor cores' rate, bytes at the L2 cache's, a
// latency for each step. They only order candidates; which one is taken is measured.
private let productsPerCycle = 2048.0
private let bytesPerCycle = 28.0
private let cyclesPerStep = 110.0
private let sharedMemoryLimit = 232_448

extension HopperTile {
    /// Tiles that the kernel's contract allows for a step.
    static func candidates(for step: PlanStep, shortcut: Int) -> [HopperTile] {
        var tiles: [HopperTile] = []
        for (rows, octets) in HopperShape.all(step) {
            for (channels, pixels) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
                for subtiles in [1, 2, 4]
                where 4 * octets * subtiles <= (channels * pixels > 2 ? 64 : subtiles > 2 ? 104 : 120) {
                    for isJoined in [false, true] where !isJoined || pixels * subtiles > 1 {
                        for isResident in [false, true] {
                            tiles += fitting(
                                HopperTile(
                                    rows: rows, octets: octets, groupsChannels: channels, groupsPixels: pixels,
                                    subtiles: subtiles, weightStages: 9, inputStages: 2, isResident: isResident,
                                    isJoined: isJoined), step, shortcut)
                        }
                    }
                }
            }
        }
        return tiles
    }

    /// The tile with as many stages as fit.
    private static func fitting(_ tile: HopperTile, _ step: PlanStep, _ shortcut: Int) -> [HopperTile] {
        for inputStages in [3, 2] {
            for weightStages in tile.isResident ? [9] : [20, 16, 12, 9, 6, 4, 3] {
                var tile = tile
                (tile.weightStages, tile.inputStages) = (weightStages, inputStages)
                if tile.isPossible(for: step, shortcut: shortcut), inputStages == 2 || weightStages >= 9 {
                    return [tile]
                }
            }
        }
        return []
    }

    /// Whether the kernel's contract allows the tile for a step.
    func isPossible(for step: PlanStep, shortcut: Int) -> Bool {
        let tilesPerImage = step.outputShape.height.divided(by: rows)
        return HopperShape.isPossible(step, rows, octets, groupsChannels, groupsPixels)
            && boxRows(for: step) * step.stride <= 256
            && (!isJoined || step.stride == 1 && tilesPerImage % blockTiles == 0)
            && (!isResident || step.channels == 64 * groupsChannels)
            && sharedMemory(for: step, shortcut: shortcut) <= sharedMemoryLimit
    }

    func cost(of step: PlanStep, shortcut: Int, batch: Int, target: KernelTarget) -> Double {
        let work = HopperShape.work(step, shortcut)
        let items =
            (batch * step.outputShape.height.divided(by: rows)).divided(by: blockTiles)
            * (step.channels / (64 * groupsChannels))
        let waves = Double(items.divided(by: target.multiprocessors))
        let products = Double(64 * groupsChannels * 8 * octets * blockTiles * 64) / productsPerCycle
        let phases = step.stride == 2 ? 4 : 1
        let box = 128 * boxRows(for: step) * (step.outputShape.width + 1) * (isJoined ? 1 : blockTiles) * phases
        let weights = Double(work.steps * groupsChannels * 8192)
        let inputs = Double(work.chunks * box)
        let item = max(
            Double(work.steps) * max(products, cyclesPerStep),
            (inputs + (isResident ? 0 : weights)) / bytesPerCycle)
        return 2500 + (isResident ? weights / bytesPerCycle : 0) + waves * (item + 700)
    }
}

extension HopperSplitTile {
    /// Tiles that the kernel's contract allows for a step.
    static func candidates(for step: PlanStep, shortcut: Int) -> [HopperSplitTile] {
        var tiles: [HopperSplitTile] = []
        for (rows, octets) in HopperShape.all(step) {
            for (channels, pixels) in [(1, 1), (2, 1), (1, 2)] {
                for splits in [1, 2, 4, 8] {
                    let tile = HopperSplitTile(
                        rows: rows, octets: octets, groupsChannels: channels, groupsPixels: pixels, splits: splits)
                    if tile.isPossible(for: step, shortcut: shortcut) { tiles.append(tile) }
                }
            }
        }
        return tiles
    }

    /// Whether the kernel's contract allows the tile for a step.
    func isPossible(for step: PlanStep, shortcut: Int) -> Bool {
        HopperShape.isPossible(step, rows, octets, groupsChannels, groupsPixels)
            && [1, 2, 4, 8].contains(splits) && splits <= HopperShape.work(step, shortcut).steps
            && boxRows(for: step) * step.stride <= 256
            && sharedMemory(for: step, shortcut: shortcut) <= sharedMemoryLimit
    }

    func cost(of step: PlanStep, shortcut: Int, batch: Int, target: KernelTarget) -> Double {
        let work = HopperShape.work(step, shortcut)
        let tiles = groupsPixels * subtiles
        let items =
            (batch * step.outputShape.height.divided(by: rows)).divided(by: tiles)
            * (step.channels / (64 * groupsChannels))
        // Not every multiprocessor finds partners for a cluster of 4 or 8.
        let atOnce = splits > 2 ? target.multiprocessors * 10 / 11 : target.multiprocessors
        let waves = Double((items * splits).divided(by: atOnce))
        let products = Double(64 * groupsChannels * 8 * octets * tiles * 64) / productsPerCycle
        let own = Double(work.steps.divided(by: splits))
        let bytes =
            own * Double(groupsChannels * 8192)
            + Double(work.chunks.divided(by: splits) * 128 * boxRows(for: step) * (step.outputShape.width + 1) * tiles)
        let exchange = splits > 1 ? 900.0 : 0
        return 2000 + waves * (own * max(products, cyclesPerStep) + bytes / bytesPerCycle * 0.5 + exchange + 500)
    }
}

/// What both Hopper kernels ask of a step and a tile.
private enum HopperShape {
    /// Rows of a tile, and the least octets that cover them.
    static func all(_ step: PlanStep) -> [(rows: Int, octets: Int)] {
        let pitch = step.outputShape.width + 1
        return (1...step.outputShape.height).compactMap { rows in
            let octets = (rows * pitch - 1).divided(by: 8)
            return octets <= 32 ? (rows, octets) : nil
        }
    }

    static func isPossible(
        _ step: PlanStep, _ rows: Int, _ octets: Int, _ groupsChannels: Int, _ groupsPixels: Int
    ) -> Bool {
        let pitch = step.outputShape.width + 1
        return step.channels % (64 * groupsChannels) == 0 && (1...4).contains(groupsChannels * groupsPixels)
            && (1...32).contains(octets) && 8 * octets >= rows * pitch - 1 && step.stride * pitch <= 256
            && rows <= step.outputShape.height
    }

    /// Chunks of 64 input channels, and steps of the product.
    static func work(_ step: PlanStep, _ shortcut: Int) -> (chunks: Int, steps: Int) {
        let chunks = step.inputShape.channels / 64
        return (chunks + shortcut / 64, 9 * chunks + shortcut / 64)
    }
}
