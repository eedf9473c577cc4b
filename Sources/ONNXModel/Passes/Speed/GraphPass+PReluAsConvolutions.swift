extension GraphPass {
    /// Writes `PRelu` so that ONNX Runtime's CPU provider keeps its blocked layout (NCHWc).
    ///
    /// That layout has no PRelu: each one sends the image back to NCHW and forth again. It has 1×1 depthwise convolutions,
    /// and fuses a Relu or an addition into one. For slopes a ≤ 1 exactly
    ///
    ///     PRelu(x) = a·x + Relu((1 − a)·x)
    ///
    /// is two passes over x: `Conv`+`Relu`, and `Conv` accumulating onto it. Measured on one core with AVX-512, ms a face at
    /// batch 8 (MobileFaceNet, ORT 1.32): PRelu 10.8, Relu·(1−a) + a·x by Mul and Add 5.6, x + Relu((a−1)·x) 5.6, this 5.1,
    /// and 4.5 for plain Relu, which no form can beat. Slopes above 1 take (1 − a)·Relu(x) + a·x, an extra pass (5.6).
    /// Doubling the depthwise convolution in front instead, or Max(x, a·x), is slower (6.2, 6.4).
    package static let preluAsConvolutions = GraphPass("PReLU for NCHWc") { model throws(ONNXModelError) in
        // The block is 16 channels with AVX-512 and 8 with AVX2; others stay outside the layout anyway.
        let block = 16
        let index = GraphIndex(model.graph)
        var names = model.graph.allNames
        var nodes: [Node] = []
        var changed = 0
        for node in model.graph.nodes {
            guard node.isOperator("PRelu"), node.outputs.count == 1,
                let slope = model.graph.constant(node, 1, index), slope.type == .float,
                slope.dims == [slope.count, 1, 1] || slope.dims == [1, slope.count, 1, 1], slope.count % block == 0,
                model.graph.channels(of: node.inputs[0], index) == slope.count
            else {
                nodes.append(node)
                continue
            }
            var form = PReluForm(output: node.outputs[0], names: names)
            nodes += form.nodes(input: node.inputs[0], slopes: try slope.floats())
            model.graph.initializers += form.constants
            names = form.names
            changed += 1
        }
        guard changed > 0 else { return [] }
        model.graph.nodes = nodes
        return ["\(counted(changed, "PRelu")) written as 1×1 depthwise convolutions"]
    }
}

/// The nodes and constants that stand for one PRelu.
private struct PReluForm {
    let output: String
    var names: Set<String>
    var constants: [Tensor] = []

    init(output: String, names: Set<String>) {
        self.output = output
        self.names = names
    }

    mutating func nodes(input: String, slopes: [Float]) -> [Node] {
        let scaled = fresh("scaled")
        let rectified = fresh("rectified")
        let line = fresh("line")
        let sum = Node("Add", [line, rectified], [output])
        let linear = depthwise(input, slopes, line)
        if slopes.allSatisfy({ $0 <= 1 }) {
            let positive = depthwise(input, slopes.map { 1 - $0 }, scaled)
            return [positive, Node("Relu", [scaled], [rectified]), linear, sum]
        }
        let positive = depthwise(scaled, slopes.map { 1 - $0 }, rectified)
        return [Node("Relu", [input], [scaled]), positive, linear, sum]
    }

    private mutating func depthwise(_ input: String, _ factors: [Float], _ output: String) -> Node {
        let weights = fresh("\(output.dropFirst(self.output.count + 1))_factors")
        constants.append(Tensor(name: weights, dims: [factors.count, 1, 1, 1], floats: factors))
        return Node(
            "Conv", [input, weights], [output],
            [Attribute("group", .int(Int64(factors.count))), Attribute("kernel_shape", .ints([1, 1]))])
    }

    private mutating func fresh(_ part: String) -> String {
        var name = "\(output)_\(part)"
        while !names.insert(name).inserted { name += "_" }
        return name
    }
}
