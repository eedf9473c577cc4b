extension KernelChoice {
    /// What may do a step at a batch size: the table's or rule's choice first, then others of the same weight layout, the
    /// likeliest to be fast first.
    ///
    /// A candidate computes the same sums from the same packed weights; it differs in tiles, splits and stages alone.
    ///
    /// - Parameters:
    ///   - step: the step.
    ///   - batch: the batch size.
    ///   - target: the GPU.
    ///   - values: the plan's.
    ///   - limit: the most candidates, the first included.
    /// - Returns: at least one.
    static func candidates(
        _ step: PlanStep, batch: Int, target: KernelTarget, values: [PlanValue], limit: Int
    ) -> [KernelChoice] {
        let usual = of(step, batch: batch, target: target)
        let shortcut = step.shortcut.map { values[$0].shape.channels } ?? 0
        var others: [(choice: KernelChoice, cost: Double)] = []
        switch usual {
        case .stem:
            // Static shared memory ends at 48 KB.
            let most = step.stride == 2 ? 4 : 8
            others = [1, 2, 4, 8].filter { $0 <= most }.map { (.stem(tileRows: $0), Double($0)) }
        case .convolution:
            others = ConvolutionTile.candidates(for: step, batch: batch, target: target).map {
                (.convolution($0), $0.cost(of: step, batch: batch, target: target))
            }
        case .hopper, .hopperSplit:
            // What was fastest at another batch is likely to be good at this one.
            let tuned = Set(HopperTable.builtIn.choices(for: step))
            let all = tuned.union(HopperTile.candidates(for: step, shortcut: shortcut).map { .hopper($0) })
                .union(HopperSplitTile.candidates(for: step, shortcut: shortcut).map { .hopperSplit($0) })
            others = all.compactMap { choice in
                choice.hopperCost(of: step, shortcut: shortcut, batch: batch, target: target).map {
                    (choice, tuned.contains(choice) ? 0.8 * $0 : $0)
                }
            }
        case .depthwise, .elementwise, .exact: break
        }
        // Of equal costs always the same first: a set has no order.
        let sorted = others.filter { $0.choice != usual }
            .sorted { ($0.cost, "\($0.choice)") < ($1.cost, "\($1.choice)") }
        return [usual] + sorted.prefix(max(limit - 1, 0)).map(\.choice)
    }

    private func hopperCost(of step: PlanStep, shortcut: Int, batch: Int, target: KernelTarget) -> Double? {
        switch self {
        case .hopper(let tile) where tile.isPossible(for: step, shortcut: shortcut):
            tile.cost(of: step, shortcut: shortcut, batch: batch, target: target)
        case .hopperSplit(let tile) where tile.isPossible(for: step, shortcut: shortcut):
            tile.cost(of: step, shortcut: shortcut, batch: batch, target: target)
        default: nil
        }
    }
}
