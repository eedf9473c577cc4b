/// An input or output of an engine.
package struct EngineTensor: Sendable, Equatable {
    package enum Mode: Int32, Sendable {
        case input = 1
        case output = 2
    }

    /// The shapes that one optimisation profile takes of an input.
    package struct ProfileShapes: Sendable, Equatable {
        package var minimum: TensorShape
        package var optimum: TensorShape
        package var maximum: TensorShape
    }

    package var name: String
    package var mode: Mode
    package var elementType: TensorRTElementType
    /// The shape, -1 where it is open.
    package var shape: TensorShape
    /// One for each profile of the engine, in their order; empty for outputs.
    package var profiles: [ProfileShapes]
}
