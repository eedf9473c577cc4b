/// One 8-bit form of a graph: pairs of `QuantizeLinear` and `DequantizeLinear` around the layers that are active.
///
/// The pairs compute in float32 what integers would give; runtimes that find them around a layer compute with integers.
struct Int8Rewriter {
    private let builder: Int8Builder
    private let active: Set<String>
    private let layers: [String: Int8Layer]
    private let shortcuts: [String: String]
    /// Values that have a pair.
    private var paired = Set<String>()
    /// Values of whose pair every taker takes the result, not layers alone.
    private var sharedPairs = Set<String>()

    private var graph: Graph
    private let index: GraphIndex
    private var nodes: [Node] = []
    private var names: Set<String>
    private var dequantized: [String: String] = [:]

    init(_ builder: Int8Builder, active: Set<String>) {
        self.builder = builder
        self.active = active
        graph = builder.model.graph
        index = GraphIndex(graph)
        names = graph.allNames
        layers = Dictionary(
            builder.layout.layers.filter { active.contains($0.output) }.map { ($0.output, $0) },
            uniquingKeysWith: { first, _ in first })
        shortcuts = Dictionary(
            builder.layout.residuals.filter { active.contains($0.output) }.map { ($0.output, $0.shortcut) },
            uniquingKeysWith: { first, _ in first })
        for layer in layers.values {
            paired.insert(layer.input)
            guard builder.layout.target.quantizesOutputs, !index.outputs.contains(layer.output) else { continue }
            paired.insert(layer.output)
            sharedPairs.insert(layer.output)
        }
        paired.formUnion(shortcuts.values)
        // Stored once in 8 bits, a value isn't also stored in full.
        if builder.layout.target.quantizesShortcuts { sharedPairs = paired }
    }

    mutating func rewritten() throws(ONNXModelError) -> Graph {
        for input in graph.inputs { addPair(behind: input.name) }
        for node in graph.nodes {
            var node = node
            if let layer = node.outputs.first.flatMap({ layers[$0] }) {
                node.inputs[0] = dequantized[layer.input] ?? layer.input
                addWeights(of: layer, to: &node)
            } else {
                let shortcut = node.outputs.first.flatMap { shortcuts[$0] }
                node.inputs = node.inputs.map { name in
                    guard sharedPairs.contains(name) || name == shortcut else { return name }
                    return dequantized[name] ?? name
                }
            }
            try add(node)
            for output in node.outputs { addPair(behind: output) }
        }
        graph.nodes = nodes
        return graph
    }

    /// Appends a node, in the form that is fastest between 8-bit layers.
    private mutating func add(_ node: Node) throws(ONNXModelError) {
        guard builder.layout.target == .onnxruntime else {
            nodes.append(node)
            return
        }
        var form = Int8Activation(builder.model.graph, index, names: names)
        let source = node.inputs.first.map { input in dequantized.first { $0.value == input }?.key ?? input }
        if let rewritten = try form.nodes(for: node, source: source ?? "") {
            nodes += rewritten
            graph.initializers += form.constants
            names = form.names
        } else {
            nodes.append(node)
        }
    }

    private mutating func addPair(behind name: String) {
        guard paired.contains(name), let scale = builder.thresholds.scale(name) else { return }
        let target = builder.layout.target
        let scaleName = constant("\(name)_scale", Tensor(name: "", dims: [], floats: [scale]))
        let zero = constant("\(name)_zero", Self.bytes([target.zeroPoint], type: target.elementType, dims: []))
        let quantized = fresh("\(name)_quantized")
        let result = fresh("\(name)_dequantized")
        nodes.append(Node("QuantizeLinear", [name, scaleName, zero], [quantized]))
        nodes.append(Node("DequantizeLinear", [quantized, scaleName, zero], [result]))
        dequantized[name] = result
    }

    private mutating func addWeights(of layer: Int8Layer, to node: inout Node) {
        guard let weights = builder.weights[layer.output] else { return }
        let axis = Attribute("axis", .int(Int64(layer.axis)))
        node.inputs[1] = addDequantized(
            weights.tensor, weights.scales, base: "\(layer.output)_weights", zero: .int8, [axis])
        guard let bias = builder.biases[layer.output], let inputScale = builder.thresholds.scale(layer.input) else {
            return
        }
        node.inputs[2] = addDequantized(
            bias, weights.scales.map { $0 * inputScale }, base: "\(layer.output)_bias", zero: .int32,
            [Attribute("axis", .int(0))])
    }

    private mutating func addDequantized(
        _ tensor: Tensor, _ scales: [Float], base: String, zero: ElementType, _ attributes: [Attribute]
    ) -> String {
        let values = constant(base, tensor)
        let scaleName = constant("\(base)_scale", Tensor(name: "", dims: [scales.count], floats: scales))
        let width = (zero.bits ?? 8) / 8
        let zeros = constant(
            "\(base)_zero",
            Self.bytes([UInt8](repeating: 0, count: scales.count * width), type: zero, dims: [scales.count]))
        let result = fresh("\(base)_dequantized")
        nodes.append(Node("DequantizeLinear", [values, scaleName, zeros], [result], attributes))
        return result
    }

    private static func bytes(_ bytes: [UInt8], type: ElementType, dims: [Int]) -> Tensor {
        Tensor(name: "", type: type, dims: dims, storage: .raw(ByteSlice(ByteStorage(bytes))))
    }

    private mutating func constant(_ base: String, _ tensor: Tensor) -> String {
        let name = fresh(base)
        graph.initializers.append(tensor.reshaped(tensor.dims, name: name))
        return name
    }

    private mutating func fresh(_ base: String) -> String {
        var name = base
        while !names.insert(name).inserted { name += "_" }
        return name
    }
}
