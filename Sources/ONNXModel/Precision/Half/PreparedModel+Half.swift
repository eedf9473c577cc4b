extension PreparedModel {
    /// A node that stays in float32 in a float16 graph.
    package struct KeptNode: Sendable, Equatable {
        /// The operator and the node's name: `Softmax 'prob'`.
        package let node: String
        /// Why.
        package let obstacle: HalfObstacle
    }

    /// The metadata entry that lists what stays in float32: names of values, one a line.
    package static let keptKey = "arcface.fp32_values"

    /// The float32 model in float16: weights and activations; bytes still go in and a float32 embedding comes out.
    ///
    /// - Parameter ranges: what values became on faces, measured on this very graph. With them, nodes whose values leave float16's
    ///   range stay in float32 too; without, constants alone decide.
    /// - Returns: the model, and the nodes that stay in float32.
    /// - Throws: `invalidTensor` for constants whose bytes don't fit their shapes.
    package func half(
        ranges: ActivationRanges? = nil
    ) throws(ONNXModelError) -> (model: PreparedModel, kept: [KeptNode]) {
        var model = model
        var weights = HalfWeights(model.graph)
        let plan = try HalfPlan(model.graph, weights: &weights, ranges: ranges)
        let kept = plan.kept.map { KeptNode(node: model.graph.nodes[$0.position].text, obstacle: $0.obstacle) }
        let keptValues = plan.kept.compactMap { model.graph.nodes[$0.position].outputs.first }
        var rewriter = HalfRewriter(model.graph, plan: plan, weights: weights)
        model.graph = try rewriter.rewritten()
        _ = try GraphPass.unusedInitializers.run(&model)
        model[metadata: Self.keptKey] = keptValues.isEmpty ? nil : keptValues.joined(separator: "\n")
        try model.graph.validate()

        let pass = "float16"
        var notes = [
            PassNote(pass, "\(counted(plan.half.count, "node")) and \(rewriter.weightCount) weights made float16")
        ]
        if rewriter.flushedCount > 0 {
            notes.append(PassNote(pass, "\(rewriter.flushedCount) weights, tiny beside the others, became 0"))
        }
        notes += kept.map { PassNote(pass, "\($0.node) stays in float32: \($0.obstacle)") }
        return (replacing(model, precision: .fp16, notes: notes), kept)
    }
}
