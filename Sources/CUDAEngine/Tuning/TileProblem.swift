/// One kernel's work that occurs in a plan, once or often: a layer's shape at a batch size, and what may do it.
struct TileProblem: Sendable {
    /// A choice, and the launch that it makes.
    struct Candidate: Sendable {
        var choice: KernelChoice
        var built: LaunchBuilder.Result
    }

    /// The plan's bucket.
    var bucket: Int
    var batch: Int
    /// The plan's steps of this shape, in the network's order.
    var steps: [Int]
    /// The table's choice first.
    var candidates: [Candidate]
    /// The part that it has of the bucket's time, by a plain model.
    var share: Double

    /// Where a choice for it is kept.
    var place: MeasuredTiles.Place { MeasuredTiles.Place(batch: batch, usual: candidates[0].built.variant) }

    /// Finds the problems of a plan that have more than one candidate.
    ///
    /// - Parameters:
    ///   - plan: made with the table's choices.
    ///   - target: what it was made for.
    ///   - limit: the most candidates of a problem.
    /// - Returns: those with most of a bucket's time first.
    static func all(of plan: EnginePlan, target: KernelTarget, limit: Int) -> [TileProblem] {
        plan.buckets.indices.flatMap { number in problems(plan, number, target, limit) }
            .sorted { ($1.share, $0.batch, $0.steps[0]) < ($0.share, $1.batch, $1.steps[0]) }
    }

    private static func problems(
        _ plan: EnginePlan, _ bucket: Int, _ target: KernelTarget, _ limit: Int
    ) -> [TileProblem] {
        let batch = plan.buckets[bucket].batch
        let builder = LaunchBuilder(
            target: target, batch: batch, mean: plan.mean, element: plan.element, values: plan.values)
        var steps: [KernelVariant: [Int]] = [:]
        for launch in plan.buckets[bucket].launches {
            steps[plan.kernels[launch.kernel], default: []].append(launch.step)
        }
        func work(_ positions: [Int]) -> Double {
            // Arithmetic, and what a launch costs in any case.
            positions.reduce(0) { sum, position in
                let step = plan.steps[position]
                let products = step.outputShape.count * step.size * step.size * step.inputShape.channels
                return sum + Double(products * batch) + 5e8
            }
        }
        let all = steps.values.reduce(0) { $0 + work($1) }
        return steps.values.compactMap { positions in
            let step = plan.steps[positions[0]]
            // Tiles that differ in what they don't use give the same kernel.
            var seen = Set<KernelVariant>()
            let candidates = KernelChoice.candidates(
                step, batch: batch, target: target, values: plan.values, limit: 2 * limit
            ).map { Candidate(choice: $0, built: builder.launch(of: step, $0)) }
                .filter { seen.insert($0.built.variant).inserted }
            guard candidates.count > 1 else { return nil }
            return TileProblem(
                bucket: bucket, batch: batch, steps: positions, candidates: Array(candidates.prefix(limit)),
                share: work(positions) / all)
        }
    }
}
