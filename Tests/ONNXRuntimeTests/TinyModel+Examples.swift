extension TinyModel {
    private static let float = 1
    private static let byte = 2
    private static let int64 = 7

    /// `y = x + x` over float32 [N,3].
    static let doubling = TinyModel(
        inputs: [Value(name: "x", elementType: float, shape: [.symbol("N"), .value(3)])],
        outputs: [Value(name: "y", elementType: float, shape: [.symbol("N"), .value(3)])],
        nodes: [Node(operation: "Add", inputs: ["x", "x"], outputs: ["y"])])

    /// `sum = a + b` and `difference = a - b` over float32 [N].
    static let sumAndDifference = TinyModel(
        inputs: ["a", "b"].map { Value(name: $0, elementType: float, shape: [.symbol("N")]) },
        outputs: ["sum", "difference"].map { Value(name: $0, elementType: float, shape: [.symbol("N")]) },
        nodes: [
            Node(operation: "Add", inputs: ["a", "b"], outputs: ["sum"]),
            Node(operation: "Sub", inputs: ["a", "b"], outputs: ["difference"]),
        ])

    /// The places of the elements of float32 [N] that aren't zero: int64 [1,M], M known only after the run.
    static let nonZero = TinyModel(
        inputs: [Value(name: "x", elementType: float, shape: [.symbol("N")])],
        outputs: [Value(name: "places", elementType: int64, shape: [.value(1), .symbol("M")])],
        nodes: [Node(operation: "NonZero", inputs: ["x"], outputs: ["places"])])

    /// uint8 [N,2] as float32 [N,2].
    static let bytesToFloats = TinyModel(
        inputs: [Value(name: "bytes", elementType: byte, shape: [.symbol("N"), .value(2)])],
        outputs: [Value(name: "floats", elementType: float, shape: [.symbol("N"), .value(2)])],
        nodes: [Node(operation: "Cast", inputs: ["bytes"], outputs: ["floats"], integers: ["to": float])])

    /// The doubling model with weights that nothing uses, which ONNX Runtime warns about.
    static var withUnusedWeights: TinyModel {
        var model = doubling
        model.constants = [Constant(name: "idle_weights", shape: [2], values: [1, 2])]
        return model
    }

    /// A node of an operator that doesn't exist.
    static let unknownOperator = TinyModel(
        inputs: [Value(name: "x", elementType: float, shape: [.symbol("N")])],
        outputs: [Value(name: "y", elementType: float, shape: [.symbol("N")])],
        nodes: [Node(operation: "Frobnicate", inputs: ["x"], outputs: ["y"])])

    /// Elements of float32 [4] by index; an index out of range fails during the run.
    static let gather = TinyModel(
        inputs: [
            Value(name: "table", elementType: float, shape: [.value(4)]),
            Value(name: "index", elementType: int64, shape: [.symbol("N")]),
        ],
        outputs: [Value(name: "picked", elementType: float, shape: [.symbol("N")])],
        nodes: [Node(operation: "Gather", inputs: ["table", "index"], outputs: ["picked"])])

    /// The input itself, and the input as one row: outputs that ONNX Runtime would rather not copy.
    static let passedThrough = TinyModel(
        inputs: [Value(name: "x", elementType: float, shape: [.symbol("N"), .value(3)])],
        outputs: [
            Value(name: "same", elementType: float, shape: [.symbol("N"), .value(3)]),
            Value(name: "row", elementType: float, shape: [.value(1), .symbol("M")]),
        ],
        nodes: [
            Node(operation: "Identity", inputs: ["x"], outputs: ["same"]),
            Node(operation: "Flatten", inputs: ["x"], outputs: ["row"], integers: ["axis": 0]),
        ])
}
