@testable import ONNXModel

/// A dense array of float values, whatever the element type in the graph.
struct Values: Equatable {
    var dims: [Int]
    var elements: [Float]

    subscript(place: [Int]) -> Float {
        var offset = 0
        for (size, index) in zip(dims, place) { offset = offset * size + index }
        return elements[offset]
    }

    /// Values of the given shape, computed place by place.
    init(_ dims: [Int], _ value: ([Int]) -> Float) {
        self.dims = dims
        elements = []
        let count = dims.reduce(1, *)
        elements.reserveCapacity(count)
        var place = Array(repeating: 0, count: dims.count)
        for _ in 0..<count {
            elements.append(value(place))
            for axis in dims.indices.reversed() {
                place[axis] += 1
                if place[axis] < dims[axis] { break }
                place[axis] = 0
            }
        }
    }

    init(dims: [Int], elements: [Float]) {
        self.dims = dims
        self.elements = elements
    }

    /// The largest difference, or infinity for different shapes.
    func distance(to other: Values) -> Float {
        guard dims == other.dims else { return .infinity }
        return zip(elements, other.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}

/// Runs small graphs the plain way, to compare a graph with what passes made of it.
enum Interpreter {
    struct Unsupported: Error {
        let what: String
    }

    static func run(_ model: Model, _ inputs: [String: Values]) throws -> [String: Values] {
        var values = inputs
        for tensor in model.graph.initializers {
            let elements =
                [.float, .float16].contains(tensor.type) ? try tensor.floats() : try tensor.int64s().map { Float($0) }
            values[tensor.name] = Values(dims: tensor.dims, elements: elements)
        }
        for node in model.graph.nodes {
            let arguments = try node.inputs.map { name in
                guard let value = values[name] else { throw Unsupported(what: "no value \(name)") }
                return value
            }
            values[node.outputs[0]] = try run(node, arguments)
        }
        let names = Set(model.graph.outputs.map(\.name))
        return values.filter { names.contains($0.key) }
    }

    private static func run(_ node: Node, _ x: [Values]) throws -> Values {
        switch node.op {
        case "Cast", "Identity", "Dropout": x[0]
        case "Relu": Values(dims: x[0].dims, elements: x[0].elements.map { max($0, 0) })
        case "LeakyRelu":
            Values(dims: x[0].dims, elements: try x[0].elements.map { $0 < 0 ? $0 * (try alpha(node)) : $0 })
        case "Add": binary(x[0], x[1], +)
        case "Sub": binary(x[0], x[1], -)
        case "Mul": binary(x[0], x[1], *)
        case "Div": binary(x[0], x[1], /)
        case "PRelu": binary(x[0], x[1]) { $0 < 0 ? $0 * $1 : $0 }
        case "Transpose": transpose(x[0], node.ints("perm")?.map { Int($0) } ?? [])
        case "Gather": gather(x[0], x[1], axis: Int(node.int("axis") ?? 0))
        case "Conv": convolution(node, x)
        case "GlobalAveragePool": average(x[0])
        case "Flatten": Values(dims: [x[0].dims[0], x[0].elements.count / x[0].dims[0]], elements: x[0].elements)
        case "Gemm": gemm(x)
        case "Reshape": try reshape(x[0], x[1])
        default: throw Unsupported(what: node.op)
        }
    }

    private static func alpha(_ node: Node) throws -> Float {
        guard case .float(let value)? = node.attributes.first(where: { $0.name == "alpha" })?.value else {
            throw Unsupported(what: "LeakyRelu without alpha")
        }
        return value
    }

    private static func binary(_ a: Values, _ b: Values, _ combine: (Float, Float) -> Float) -> Values {
        if b.elements.count == 1 {
            let right = b.elements[0]
            return Values(dims: a.dims, elements: a.elements.map { combine($0, right) })
        }
        if a.dims == b.dims { return Values(dims: a.dims, elements: zip(a.elements, b.elements).map(combine)) }
        let rank = max(a.dims.count, b.dims.count)
        let left = Array(repeating: 1, count: rank - a.dims.count) + a.dims
        let right = Array(repeating: 1, count: rank - b.dims.count) + b.dims
        let (a, b) = (Values(dims: left, elements: a.elements), Values(dims: right, elements: b.elements))
        return Values(zip(left, right).map { max($0, $1) }) { place in
            combine(
                a[zip(place, left).map { $1 == 1 ? 0 : $0 }], b[zip(place, right).map { $1 == 1 ? 0 : $0 }])
        }
    }

    private static func transpose(_ x: Values, _ order: [Int]) -> Values {
        var steps = Array(repeating: 1, count: x.dims.count)
        for axis in x.dims.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * x.dims[axis + 1] }
        let dims = order.map { x.dims[$0] }
        var offsets = [0]
        for axis in order {
            offsets = offsets.flatMap { start in (0..<x.dims[axis]).map { start + $0 * steps[axis] } }
        }
        return Values(dims: dims, elements: offsets.map { x.elements[$0] })
    }

    private static func gather(_ x: Values, _ indices: Values, axis: Int) -> Values {
        Values(x.dims) { place in
            var source = place
            source[axis] = Int(indices.elements[place[axis]])
            return x[source]
        }
    }

    private static func convolution(_ node: Node, _ x: [Values]) -> Values {
        let (image, weights) = (x[0], x[1])
        let pads = node.ints("pads")?.map { Int($0) } ?? [0, 0, 0, 0]
        let strides = node.ints("strides")?.map { Int($0) } ?? [1, 1]
        let group = Int(node.int("group") ?? 1)
        let (kernelHeight, kernelWidth) = (weights.dims[2], weights.dims[3])
        let height = (image.dims[2] + pads[0] + pads[2] - kernelHeight) / strides[0] + 1
        let width = (image.dims[3] + pads[1] + pads[3] - kernelWidth) / strides[1] + 1
        let perGroup = weights.dims[0] / group
        return Values([image.dims[0], weights.dims[0], height, width]) { place in
            var sum: Float = x.count > 2 ? x[2].elements[place[1]] : 0
            for channel in 0..<weights.dims[1] {
                for row in 0..<kernelHeight {
                    let y = place[2] * strides[0] + row - pads[0]
                    guard (0..<image.dims[2]).contains(y) else { continue }
                    for column in 0..<kernelWidth {
                        let z = place[3] * strides[1] + column - pads[1]
                        guard (0..<image.dims[3]).contains(z) else { continue }
                        let source = place[1] / perGroup * weights.dims[1] + channel
                        sum += image[[place[0], source, y, z]] * weights[[place[1], channel, row, column]]
                    }
                }
            }
            return sum
        }
    }

    private static func average(_ x: Values) -> Values {
        let area = x.dims[2] * x.dims[3]
        return Values([x.dims[0], x.dims[1], 1, 1]) { place in
            let start = (place[0] * x.dims[1] + place[1]) * area
            return x.elements[start..<start + area].reduce(0, +) / Float(area)
        }
    }

    /// With the second matrix transposed, as exporters write it.
    private static func gemm(_ x: [Values]) -> Values {
        Values([x[0].dims[0], x[1].dims[0]]) { place in
            (0..<x[0].dims[1]).reduce(x.count > 2 ? x[2].elements[place[1]] : 0) { sum, inner in
                sum + x[0][[place[0], inner]] * x[1][[place[1], inner]]
            }
        }
    }

    private static func reshape(_ x: Values, _ target: Values) throws -> Values {
        let shape = ShapeArithmetic.reshape(x.dims, to: target.elements.map { Int64($0) }, zeroMeansZero: false)
        guard let shape else { throw Unsupported(what: "Reshape to \(target.elements)") }
        return Values(dims: shape, elements: x.elements)
    }
}
