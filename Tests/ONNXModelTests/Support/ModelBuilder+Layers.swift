@testable import ONNXModel

extension ModelBuilder {
    /// `BatchNormalization` with parameters far from 0 and 1.
    mutating func normalization(
        _ input: String, _ output: String, dims: [Int], _ attributes: [Attribute] = []
    ) {
        weights("\(output)_gamma", dims, in: 0.5...1.5)
        weights("\(output)_beta", dims)
        weights("\(output)_mean", dims)
        weights("\(output)_variance", dims, in: 0.5...2)
        let parameters = ["gamma", "beta", "mean", "variance"].map { "\(output)_\($0)" }
        node("BatchNormalization", [input] + parameters, [output], attributes)
    }

    /// `Conv` 3×3 with as much padding as given on each side.
    mutating func convolution(
        _ input: String, _ output: String, dims: [Int], padding: Int64, group: Int64 = 1
    ) {
        weights("\(output)_weights", dims)
        let pads = Attribute("pads", .ints(Array(repeating: padding, count: 4)))
        node("Conv", [input, "\(output)_weights"], [output], [pads, Attribute("group", .int(group))])
    }
}

/// What graphs of the tests give for the same random images.
enum Outputs {
    /// The value `y` for an input `x` of the given shape.
    static func of(_ model: Model, _ dims: [Int]) throws -> Values {
        var generator = SeededGenerator(seed: 11)
        let image = Values(dims: dims, elements: generator.floats(dims.reduce(1, *)))
        guard let result = try Interpreter.run(model, ["x": image])["y"] else {
            throw Interpreter.Unsupported(what: "a graph without y")
        }
        return result
    }
}
