/// Places values that live at different times in the same memory.
struct ArenaPlanner {
    private struct Life {
        var value: Int
        var byteCount: Int
        var first: Int
        var last: Int
        var offset = 0

        func overlaps(_ other: Life) -> Bool { first <= other.last && other.first <= last }
    }

    /// Where the values of a plan lie for a batch.
    ///
    /// A residual's memory becomes the sum's where nothing needs the residual afterwards; every other value is apart from all
    /// that live while it does.
    ///
    /// - Returns: an offset for each value (nil for those outside the arena), multiples of 256, and the arena's size.
    static func place(
        _ values: [PlanValue], _ steps: [PlanStep], batch: Int
    ) -> (placements: [Int?], byteCount: Int) {
        var owner = Array(values.indices)
        var lives: [Int: Life] = [:]
        let lastUse = lastUses(values.count, steps)
        for (position, step) in steps.enumerated() where step.output != values.count - 1 {
            let end = lastUse[step.output]
            if let residual = step.residual, residual != step.input, residual != step.shortcut,
                lastUse[residual] == position,
                values[residual] == values[step.output], lives[owner[residual]] != nil
            {
                owner[step.output] = owner[residual]
                lives[owner[residual]]?.last = end
            } else {
                lives[step.output] = Life(
                    value: step.output, byteCount: (values[step.output].byteCount * batch).rounded(upTo: 256),
                    first: position, last: end)
            }
        }
        let placed = pack(Array(lives.values))
        var offsets: [Int: Int] = [:]
        for life in placed { offsets[life.value] = life.offset }
        return (values.indices.map { offsets[owner[$0]] }, placed.map { $0.offset + $0.byteCount }.max() ?? 0)
    }

    private static func lastUses(_ count: Int, _ steps: [PlanStep]) -> [Int] {
        var last = Array(repeating: -1, count: count)
        for (position, step) in steps.enumerated() {
            last[step.output] = max(last[step.output], position)
            last[step.input] = position
            if let residual = step.residual { last[residual] = position }
            if let shortcut = step.shortcut { last[shortcut] = position }
        }
        return last
    }

    /// The largest first, each in the smallest gap that the others leave.
    private static func pack(_ lives: [Life]) -> [Life] {
        var placed: [Life] = []
        for life in lives.sorted(by: { ($0.byteCount, $1.first) > ($1.byteCount, $0.first) }) {
            var candidate = life
            var best: (offset: Int, size: Int)?
            var end = 0
            for other in placed.filter({ $0.overlaps(life) }).sorted(by: { $0.offset < $1.offset }) {
                let gap = other.offset - end
                if gap >= life.byteCount, gap < best?.size ?? Int.max { best = (end, gap) }
                end = max(end, other.offset + other.byteCount)
            }
            candidate.offset = best?.offset ?? end
            placed.append(candidate)
        }
        return placed
    }
}
