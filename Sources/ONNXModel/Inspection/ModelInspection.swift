/// What there is to know about a model file before anything is done with it.
package struct ModelInspection: Sendable {
    /// Weights of one element type, as the file stores them.
    package struct Weights: Sendable, Equatable {
        /// The type of the elements.
        package let type: ElementType
        /// Constants of that type.
        package var tensors: Int
        /// Their elements.
        package var elements: Int
        /// Their size.
        package var bytes: Int
    }

    /// What the model is as a face model.
    package struct Face: Sendable {
        /// How pixels become the network's input.
        package let preprocessing: Preprocessing
        /// Where that was found.
        package let source: PreparedModel.PreprocessingSource
        /// The number of values in an embedding.
        package let embeddingWidth: Int
    }

    /// The model as it was read.
    package let model: Model
    /// Inputs that are no constants.
    package let inputs: [ValueInfo]
    /// Operators with the number of nodes each, most frequent first. Foreign ones have their domain in front.
    package let operators: [(name: String, count: Int)]
    /// Numbers that training found.
    package let parameters: Int
    /// Multiply-adds of convolutions and matrix products for one image; nil if a size isn't known.
    package let multiplyAdds: Int?
    /// Why the cost isn't known, as the end of a sentence.
    package let costObstacle: String?
    /// Constants by type, largest first.
    package let weights: [Weights]
    /// The family of the network.
    package let architecture: Architecture
    /// The face model in it, or why it is none.
    package let face: Result<Face, ONNXModelError>
    /// Whether the file was prepared already.
    package let isPrepared: Bool
    /// What is wrong, and what is done about it.
    package let defects: [ModelDefect]

    /// Reads the model at `path` and looks into it; nothing is written.
    ///
    /// - Throws: what is wrong with the file or the graph, where it can't even be looked into.
    package init(path: String) throws(ONNXModelError) {
        let model = try Model.read(path: path)
        do throws(ONNXModelError) {
            try self.init(model)
        } catch {
            throw error.inFile(path)
        }
    }

    /// Looks into a model in memory; otherwise as `init(path:)`.
    package init(_ source: Model) throws(ONNXModelError) {
        var model = source
        try model.requireOpset(FaceModel.minimumOpset)
        try model.graph.validate()
        self.model = model
        let constants = Set(model.graph.initializers.map(\.name))
        inputs = model.graph.inputs.filter { !constants.contains($0.name) }
        operators = Self.operators(model.graph)
        weights = Self.weights(model.graph)
        isPrepared = model[metadata: "arcface.prepared"] != nil

        var mended = model
        if isPrepared {
            defects = []
        } else {
            let found = try ModelDefect.find(in: model, mended: &mended)
            defects = (ModelDefect.oldOpset(mended).map { [$0] } ?? []) + found
        }
        parameters = try Self.parameters(model, isPrepared: isPrepared)
        (multiplyAdds, costObstacle) = Self.cost(mended.graph)
        architecture = Architecture(mended.graph)
        // The repairs find nothing to do a second time, so most of the work isn't repeated.
        face = Self.face(isPrepared ? model : mended)
    }

    private static func cost(_ graph: Graph) -> (Int?, String?) {
        do throws(ComputeCost.Obstacle) {
            return (try ComputeCost.multiplyAdds(graph), nil)
        } catch {
            return (nil, error.what)
        }
    }

    private static func operators(_ graph: Graph) -> [(name: String, count: Int)] {
        let names = graph.nodes.map { $0.isStandard ? $0.op : "\($0.domain).\($0.op)" }
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (name: $0.key, count: $0.value) }
    }

    private static func weights(_ graph: Graph) -> [Weights] {
        var all: [ElementType: Weights] = [:]
        let inNodes = graph.nodes.filter { $0.isOperator("Constant") }.flatMap(\.attributes).compactMap {
            if case .tensor(let tensor) = $0.value { tensor } else { nil }
        }
        for tensor in graph.initializers + inNodes {
            var entry = all[tensor.type] ?? Weights(type: tensor.type, tensors: 0, elements: 0, bytes: 0)
            entry.tensors += 1
            entry.elements += tensor.count
            entry.bytes += (tensor.count * (tensor.type.bits ?? 8) + 7) / 8
            all[tensor.type] = entry
        }
        return all.values.sorted { ($1.bytes, $0.type.rawValue) < ($0.bytes, $1.type.rawValue) }
    }

    /// Counted where quantised weights are whole again, and before normalisations disappear into other weights.
    private static func parameters(_ model: Model, isPrepared: Bool) throws(ONNXModelError) -> Int {
        var copy = model
        if !isPrepared { _ = try GraphPass.mending.run(&copy) }
        return ComputeCost.parameters(copy.graph)
    }

    private static func face(_ model: Model) -> Result<Face, ONNXModelError> {
        Result { () throws(ONNXModelError) in
            let prepared = try FaceModel.prepare(model, preprocessing: nil, target: .portable)
            return Face(
                preprocessing: prepared.preprocessing, source: prepared.preprocessingSource,
                embeddingWidth: prepared.embeddingWidth)
        }
    }
}
