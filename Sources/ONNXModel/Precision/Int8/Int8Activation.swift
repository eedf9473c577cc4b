/// What stands between 8-bit layers, in ONNX Runtime's fastest form.
///
/// Its integer convolutions take images with channels last, where neither `BatchNormalization` nor a fast `PRelu` exists.
/// Measured on one core with AVX-512, ms a face of IResNet-50 at batch 8 (ORT 1.32): 14 in the convolutions; PRelu 9.7,
/// slope · x and the larger of the two 2.4, slope by a second DequantizeLinear 4; BatchNormalization 1.9 with the
/// transpositions around it, Mul and Add 0.9.
struct Int8Activation {
    private let graph: Graph
    private let index: GraphIndex
    private(set) var names: Set<String>
    private(set) var constants: [Tensor] = []

    init(_ graph: Graph, _ index: GraphIndex, names: Set<String>) {
        self.graph = graph
        self.index = index
        self.names = names
    }

    /// The nodes that stand for `node`, which takes the original graph's value `source`; nil to leave it as it is.
    mutating func nodes(for node: Node, source: String) throws(ONNXModelError) -> [Node]? {
        guard node.outputs.count == 1 else { return nil }
        if node.isOperator("PRelu") { return try prelu(node, source) }
        if node.isOperator("BatchNormalization") { return try affine(node, source) }
        return nil
    }

    private mutating func prelu(_ node: Node, _ source: String) throws(ONNXModelError) -> [Node]? {
        guard let slope = graph.constant(node, 1, index), slope.type == .float,
            slope.dims == [slope.count, 1, 1] || slope.dims == [1, slope.count, 1, 1],
            graph.channels(of: source, index) == slope.count
        else { return nil }
        let slopes = try slope.floats()
        let (input, output) = (node.inputs[0], node.outputs[0])
        let sloped = fresh("\(output)_sloped")
        let product = Node("Mul", [input, node.inputs[1]], [sloped])
        if slopes.allSatisfy({ $0 <= 1 }) { return [product, Node("Max", [input, sloped], [output])] }
        if slopes.allSatisfy({ $0 >= 1 }) { return [product, Node("Min", [input, sloped], [output])] }
        let rectified = fresh("\(output)_rectified")
        let rest = fresh("\(output)_rest")
        let factors = constant("\(output)_factors", slopes.map { 1 - $0 })
        return [
            product, Node("Relu", [input], [rectified]), Node("Mul", [rectified, factors], [rest]),
            Node("Add", [sloped, rest], [output]),
        ]
    }

    private mutating func affine(_ node: Node, _ source: String) throws(ONNXModelError) -> [Node]? {
        guard let affine = try BatchNormalizationConstants(node, graph, index), affine.isChannelwise,
            graph.channels(of: source, index) == affine.scale.count
        else { return nil }
        let output = node.outputs[0]
        let factors = constant("\(output)_factors", affine.scale)
        let offsets = constant("\(output)_offsets", affine.shift)
        let scaled = fresh("\(output)_scaled")
        return [Node("Mul", [node.inputs[0], factors], [scaled]), Node("Add", [scaled, offsets], [output])]
    }

    private mutating func constant(_ base: String, _ values: [Float]) -> String {
        let name = fresh(base)
        constants.append(Tensor(name: name, dims: [values.count, 1, 1], floats: values))
        return name
    }

    private mutating func fresh(_ base: String) -> String {
        var name = base
        while !names.insert(name).inserted { name += "_" }
        return name
    }
}
