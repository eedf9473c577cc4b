/// Computes nodes whose inputs are constants, within a budget of elements, so that a small file can't grow in memory.
struct ConstantEvaluation {
    /// Elements that results may have in all: a hostile file must not blow a scalar up to gigabytes.
    private(set) var budget: Int

    /// - Parameter graph: its constants set the budget: four times their elements and a million more.
    init(_ graph: Graph) {
        // Elements are stored in the file, two a byte at most, so this can't overflow.
        budget = 4 * graph.initializers.reduce(0) { $0 + $1.count } + 1 << 20
    }

    /// The node's only result.
    ///
    /// - Parameters:
    ///   - node: the node.
    ///   - arguments: its inputs; nil for those left out.
    /// - Returns: nil if the operator isn't followed, the arguments don't fit it, or the budget is spent.
    mutating func result(_ node: Node, _ arguments: [Tensor?]) -> Tensor? {
        guard node.isStandard, let name = node.outputs.first, let first = arguments.first ?? nil else { return nil }
        if let dims = Self.newShape(node, first, arguments) {
            guard ShapeArithmetic.isPossible(dims), ShapeArithmetic.count(dims) == first.count else { return nil }
            return first.reshaped(dims, name: name)
        }
        let value: Tensor? =
            switch node.op {
            case "Transpose": transposed(node, first)
            case "Slice": sliced(node, first, arguments)
            case "Expand": expanded(first, arguments)
            case "Concat": concatenated(node, arguments)
            case "Gather": gathered(node, first, arguments)
            case "ConstantOfShape": filled(node, first)
            case "Shape": Tensor(name: "", dims: [first.dims.count], int64s: first.dims.map { Int64($0) })
            case "Cast": cast(node, first)
            default: computed(node, first, arguments)
            }
        guard let value, value.count <= budget else { return nil }
        budget -= value.count
        return value.reshaped(value.dims, name: name)
    }

    /// Whether a result of that shape is within the budget.
    func fits(_ dims: [Int]) -> Bool {
        ShapeArithmetic.isPossible(dims) && ShapeArithmetic.count(dims).map { $0 <= budget } ?? false
    }

    /// The shape that the node gives to elements that stay as they are, or nil if it does something else.
    private static func newShape(_ node: Node, _ data: Tensor, _ arguments: [Tensor?]) -> [Int]? {
        let second = arguments.count > 1 ? arguments[1] : nil
        // A target that can't be read must not pass for one that is left out.
        guard let integers = integers(second) else { return nil }
        switch node.op {
        case "Identity": return data.dims
        case "Reshape":
            return integers.flatMap {
                ShapeArithmetic.reshape(data.dims, to: $0, zeroMeansZero: node.int("allowzero") == 1)
            }
        case "Flatten": return ShapeArithmetic.flatten(data.dims, axis: Int(node.int("axis") ?? 1))
        case "Squeeze": return ShapeArithmetic.squeeze(data.dims, axes: integers ?? node.ints("axes"))
        case "Unsqueeze":
            return (integers ?? node.ints("axes")).flatMap { ShapeArithmetic.unsqueeze(data.dims, axes: $0) }
        default: return nil
        }
    }

    /// The integers of an optional argument: nil in nil if there is none, nil if it holds something else.
    private static func integers(_ tensor: Tensor?) -> [Int64]?? {
        guard let tensor else { return .some(nil) }
        guard tensor.type == .int64 || tensor.type == .int32, let values = try? tensor.int64s() else { return nil }
        return values
    }
}
