internal import ONNXModel

/// Reads a prepared graph node by node into steps that stand alone; `NetworkFusion` joins them afterwards.
struct GraphReader {
    let graph: Graph
    let index: GraphIndex
    var network: FusedNetwork
    /// Numbers of the values by name.
    var numbers: [String: Int] = [:]
    /// Values that are still the image, on their way to the first convolution.
    var images: [String: ImageValue] = [:]
    /// Images laid out as one row a face, by the name of the row.
    var rows: [String: Int] = [:]

    /// - Throws: `unsupportedOperator` naming the first node that there are no kernels for, `unusableWeights`.
    static func read(_ graph: Graph) throws(CUDAEngineError) -> FusedNetwork {
        var reader = try GraphReader(graph)
        for node in graph.nodes { try reader.read(node) }
        try reader.finish()
        return reader.network
    }

    private init(_ graph: Graph) throws(CUDAEngineError) {
        self.graph = graph
        index = GraphIndex(graph)
        guard let input = graph.inputs.first, let shape = input.tensor?.shape, shape.count == 4,
            let height = shape[1].value, let width = shape[2].value, shape[3].value == 3
        else {
            throw CUDAEngineError(
                .unsupportedOperator, "the graph is no prepared face model: its input is no image of bytes",
                mend: "prepare the original model")
        }
        network = FusedNetwork(shapes: [ActivationShape(height, width, 3)])
        images[input.name] = ImageValue()
    }

    private mutating func read(_ node: Node) throws(CUDAEngineError) {
        guard node.isStandard, let output = node.outputs.first, node.outputs.dropFirst().allSatisfy(\.isEmpty) else {
            throw Self.unsupported(node)
        }
        if let image = node.inputs.compactMap({ images[$0] }).first {
            if node.op != "Conv" {
                images[output] = try image.behind(node, graph, index)
                return
            }
            try readConvolution(node, of: 0, image: image)
            return
        }
        switch node.op {
        case "Conv": try readConvolution(node, of: try number(node, 0), image: nil)
        case "Gemm": try readFullyConnected(node)
        case "PRelu", "Relu", "LeakyRelu": try readActivation(node)
        case "Flatten", "Identity", "Dropout": try readRename(node, output)
        case "Add":
            if node.inputs.allSatisfy({ numbers[$0] != nil }) {
                try readAddition(node)
            } else {
                try readAffine(node)
            }
        default: try readAffine(node)
        }
    }

    /// The number of a value that the node takes.
    func number(_ node: Node, _ position: Int) throws(CUDAEngineError) -> Int {
        guard position < node.inputs.count, let number = numbers[node.inputs[position]] else {
            throw Self.unsupported(node, "takes what no step gives")
        }
        return number
    }

    /// Adds a step whose output has the given shape, and names its output.
    mutating func append(
        _ node: Node, _ kind: FusedOperation.Kind, of input: Int, _ window: Window, _ weights: WeightMatrix,
        bias: [Float], to shape: ActivationShape
    ) -> Int {
        let output = network.shapes.count
        network.shapes.append(shape)
        network.operations.append(
            FusedOperation(
                kind: kind, name: node.text, input: input, output: output, window: window, weights: weights,
                bias: .uniform(bias)))
        numbers[node.outputs[0]] = output
        return network.operations.count - 1
    }

    private mutating func finish() throws(CUDAEngineError) {
        guard let output = graph.outputs.first, let number = numbers[output.name], graph.outputs.count == 1 else {
            throw CUDAEngineError(
                .unsupportedOperator, "nothing in the graph gives its output", mend: "prepare the original model")
        }
        network.embedding = number
    }

    static func unsupported(_ node: Node, _ why: String = "there is no kernel for this operator") -> CUDAEngineError {
        CUDAEngineError(
            .unsupportedOperator, why, at: node.text,
            mend:
                "our own engine runs IResNet, MobileFaceNet and SFace; use --runtime tensorrt or onnxruntime for this model"
        )
    }
}
