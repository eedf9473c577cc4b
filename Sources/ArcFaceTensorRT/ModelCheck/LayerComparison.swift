package import Evaluation
import FaceImages
import ONNXModel
import ONNXRuntime

/// Where inside their graphs two models differ.
package struct LayerComparison: Sendable {
    /// One value of both graphs, compared over all faces.
    package struct Layer: Sendable {
        /// The value's place among those of the reference's graph, from 0.
        package let position: Int
        /// The operator that gives the value in the reference.
        package let op: String
        /// The name of the reference's node; may be empty.
        package let node: String
        /// The value's name in the reference.
        package let value: String
        /// The value's name in the candidate, where order and shape told that it is the same one.
        package let candidateValue: String
        /// Its shape for one face.
        package let shape: [Int]
        /// How well the values agree.
        package let agreement: TensorAgreement
        /// The largest relative L2 error among the values that it is computed from; 0 for the graph's input.
        package internal(set) var inputError = 0.0
        /// Whether the values differ and what is computed from them agrees all the same: the graphs are written
        /// differently here, or the difference doesn't matter.
        package internal(set) var isWithoutEffect = false
    }

    /// Faces that were compared.
    package let faceCount: Int
    /// The relative L2 error beyond which a layer counts as different.
    package let threshold: Double
    /// In the order of the reference's graph.
    package let layers: [Layer]
    /// Values of the reference that have no counterpart.
    package let onlyInReference: Int
    /// Values of the candidate that have no counterpart.
    package let onlyInCandidate: Int

    /// The first layer, in the order of the graph, in which the candidate leaves the reference; nil if none does.
    package var departure: Layer? {
        layers.first { $0.agreement.error > threshold && !$0.isWithoutEffect }
    }

    /// The layer in which most error comes on top of what its inputs bring; nil if there is none anywhere.
    package var steepest: Layer? {
        let growing = layers.filter { $0.agreement.error > $0.inputError && !$0.isWithoutEffect }
        return growing.max { first, second in
            first.agreement.error - first.inputError < second.agreement.error - second.inputError
        }
    }

    /// The layers by descending error; of equal errors the earlier first.
    package var worstFirst: [Layer] {
        layers.sorted { ($1.agreement.error, $0.position) < ($0.agreement.error, $1.position) }
    }
}

extension LayerComparison {
    /// How much smaller the error must be further on for a difference to be without effect.
    private static let vanishing = 1e-3

    /// Compares two models layer by layer, in as many runs as memory asks for.
    ///
    /// - Parameters:
    ///   - reference: the one.
    ///   - candidate: the other.
    ///   - faces: what they are run on, one face or more.
    ///   - threshold: the relative L2 error beyond which a layer counts as different.
    ///   - budget: bytes that the layers of one run may take.
    ///   - shouldStop: asked before each run; true ends it with the code `cancelled`.
    ///   - progress: gets the number of faces done and of all, over all runs.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    init(
        reference: LayerRunner, candidate: LayerRunner, faces: FaceBatch, threshold: Double,
        budget: Int = LayerPlan.budget, shouldStop: () -> Bool = { false },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws(ArcFaceError) {
        let face = faces.slice(0..<1)
        let left = try reference.layers(for: face)
        let right = try candidate.layers(for: face)
        let pairs = LayerMatching(reference: left, candidate: right).pairs
        let plan = LayerPlan(counts: pairs.map { left[$0.reference].count }, budget: budget)
        var agreements = Array(repeating: TensorAgreement(), count: pairs.count)
        for (number, group) in plan.groups.enumerated() {
            let first = try reference.loaded(giving: pairs[group].map { left[$0.reference].value })
            let second = try candidate.loaded(giving: pairs[group].map { right[$0.candidate].value })
            for start in stride(from: 0, to: faces.count, by: plan.batch) {
                if shouldStop() { throw .cancelled }
                let batch = faces.slice(start..<min(start + plan.batch, faces.count))
                try LayerRunner.run(first.session, on: batch, outputs: first.outputs) {
                    (referenceValues) throws(ArcFaceError) in
                    try LayerRunner.run(second.session, on: batch, outputs: second.outputs) {
                        (candidateValues) throws(ArcFaceError) in
                        for (place, values) in zip(group, zip(referenceValues, candidateValues)) {
                            try agreements[place].add(values.0, values.1)
                        }
                    }
                }
                progress(number * faces.count + start + batch.count, plan.groups.count * faces.count)
            }
        }
        self.faceCount = faces.count
        self.threshold = threshold
        onlyInReference = left.count - pairs.count
        onlyInCandidate = right.count - pairs.count
        let graph = reference.checked.model.model.graph
        layers = Self.marked(
            zip(pairs, agreements).map { pair, agreement in
                let layer = left[pair.reference]
                return Layer(
                    position: pair.reference, op: layer.op, node: layer.node, value: layer.value,
                    candidateValue: right[pair.candidate].value, shape: layer.shape, agreement: agreement)
            }, threshold: threshold, graph: graph)
    }

    /// Adds to the layers what their neighbours in the graph tell.
    private static func marked(_ layers: [Layer], threshold: Double, graph: Graph) -> [Layer] {
        let errors = Dictionary(
            layers.map { ($0.value, $0.agreement.error) }, uniquingKeysWith: { first, _ in first })
        let before = inputErrors(in: graph, errors)
        let behind = leastErrors(behind: graph, errors)
        return layers.map { layer in
            var layer = layer
            let error = layer.agreement.error
            layer.inputError = before[layer.value] ?? 0
            layer.isWithoutEffect =
                error > threshold && error.isFinite && behind[layer.value] ?? .infinity <= vanishing * error
            return layer
        }
    }

    /// For each value, the largest error among the nearest compared values that it is computed from. Nodes are in
    /// topological order.
    private static func inputErrors(in graph: Graph, _ errors: [String: Double]) -> [String: Double] {
        var before: [String: Double] = [:]
        for node in graph.nodes {
            let largest = node.uses.map { errors[$0] ?? before[$0] ?? 0 }.max() ?? 0
            for output in node.outputs where !output.isEmpty { before[output] = largest }
        }
        return before
    }

    /// For each value, the least error of all that is computed from it. Nodes are in topological order.
    private static func leastErrors(behind graph: Graph, _ errors: [String: Double]) -> [String: Double] {
        var least: [String: Double] = [:]
        for node in graph.nodes.reversed() {
            let given = node.outputs.map { min(errors[$0] ?? .infinity, least[$0] ?? .infinity) }.min() ?? .infinity
            for input in node.uses { least[input] = min(least[input] ?? .infinity, given) }
        }
        return least
    }
}

extension TensorAgreement {
    fileprivate mutating func add(_ reference: TensorView, _ candidate: TensorView) throws(ArcFaceError) {
        guard let left = reference.elements(as: Float.self), let right = candidate.elements(as: Float.self) else {
            throw ArcFaceError(
                .runtimeFailed, "a layer came as \(reference.elementType) and \(candidate.elementType), not float32")
        }
        do throws(EvaluationError) {
            try add(reference: left, candidate: right)
        } catch {
            throw ArcFaceError(.runtimeFailed, error.description)
        }
    }
}
