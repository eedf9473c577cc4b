/// What went wrong with the Python process: what, where, and how to mend it.
package struct PyTorchError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure. Raw values are those that the Python side sends.
    package enum Code: String, Sendable {
        /// No interpreter was found, or the one that was named can't be started.
        case pythonMissing
        /// No interpreter has torch.
        case torchMissing
        /// torch is there and can't be imported.
        case torchBroken
        /// torch is too old to read a checkpoint safely.
        case torchTooOld
        /// onnx or onnx2torch is missing or broken.
        case converterMissing
        /// The GPU was asked for, and this torch has none.
        case cudaMissing
        /// The mode doesn't exist on the device, or in this torch.
        case modeUnsupported
        /// The graph can't be run.
        case modelUnusable
        /// The checkpoint is damaged, hostile, or of another architecture.
        case checkpointUnusable
        /// The checkpoint isn't there.
        case fileMissing
        /// The device's memory is too small.
        case outOfMemory
        /// The process ended or was killed.
        case died
        /// The process gave no answer in time, and was killed.
        case timedOut
        /// Anything else that Python says.
        case failed
    }

    /// The kind of failure.
    package let code: Code
    /// What happened.
    package let what: String
    /// The interpreter, where one is concerned.
    package let python: String?
    /// What to do about it, if anything is known to help.
    package let mend: String?

    package init(_ code: Code, _ what: String, python: String? = nil, mend: String? = nil) {
        self.code = code
        self.what = what
        self.python = python
        self.mend = mend
    }

    /// One line: interpreter, what, mend.
    package var description: String {
        (python.map { "\($0): " } ?? "") + what + (mend.map { " (\($0))" } ?? "")
    }
}
