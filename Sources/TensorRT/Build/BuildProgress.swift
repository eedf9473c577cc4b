/// How far a build has come: TensorRT works in phases, phases in steps, and phases may be parts of others.
package struct BuildProgress: Sendable, Equatable {
    /// TensorRT's name for the phase.
    package var phase: String
    /// The phase that this one is a part of; nil at the top.
    package var parent: String?
    /// Steps done.
    package var step: Int
    /// Steps that the phase has.
    package var steps: Int
}

/// Learns of progress, from any of the builder's threads, several at once; returns false to cancel the build.
package typealias BuildProgressHandler = @Sendable (BuildProgress) -> Bool
