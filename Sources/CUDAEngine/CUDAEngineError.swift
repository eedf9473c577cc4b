/// Why an engine of our own couldn't be compiled, read, loaded or run.
package struct CUDAEngineError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The graph has an operator, or an arrangement of operators, that there are no kernels for.
        case unsupportedOperator
        /// The GPU is of a generation that there are no kernels for.
        case unsupportedGPU
        /// The graph's constants can't be used: wrong sizes, or numbers beyond float16.
        case unusableWeights
        /// No NVRTC was found that opens.
        case compilerUnavailable
        /// NVRTC refused a kernel.
        case compilationFailed
        /// The bytes are no engine of ours, or a damaged one.
        case engineDamaged
        /// The engine was written by a version whose format this one doesn't read.
        case engineOfOtherVersion
        /// The engine's kernels are for another GPU.
        case engineForOtherGPU
        /// More faces than the engine takes, or buffers of the wrong size.
        case invalidArgument
        /// The compilation was stopped by the caller.
        case cancelled
    }

    package var code: Code
    /// What went wrong, in one sentence without a full stop.
    package var what: String
    /// The node, file, kernel or library that it is about; empty where there is none.
    package var `where`: String
    /// What to do about it; empty where nothing general can be said.
    package var mend: String

    package init(_ code: Code, _ what: String, at place: String = "", mend: String = "") {
        self.code = code
        self.what = what
        self.where = place
        self.mend = mend
    }

    /// One line: where, what, and the mend.
    package var description: String {
        [`where`.isEmpty ? what : "\(`where`): \(what)", mend].filter { !$0.isEmpty }.joined(separator: "; ")
            .split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
