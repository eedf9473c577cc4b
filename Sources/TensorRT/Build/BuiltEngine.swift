/// What a build gives.
package struct BuiltEngine: Sendable {
    /// A tensor of the network that was built.
    package struct Tensor: Sendable, Equatable {
        package var name: String
        package var elementType: TensorRTElementType
        package var shape: TensorShape
    }

    /// The plan: code for TensorRT to run.
    package var plan: PlanMemory
    /// The timing cache after the build, to be given to the next.
    package var timingCache: [UInt8]
    /// Whether the timing cache given was taken; false when it was from another GPU or version, or none was given.
    package var usedTimingCache: Bool
    /// Layers of the network as parsed, before fusion.
    package var layerCount: Int
    package var inputs: [Tensor]
    package var outputs: [Tensor]
    /// How long the builder worked, without parsing.
    package var buildDuration: Duration
    /// TensorRT's warnings, in order, the most recent 16.
    package var warnings: [TensorRTLogRecord]
}
