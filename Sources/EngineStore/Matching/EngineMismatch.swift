/// One respect in which a stored engine isn't the wanted one.
package struct EngineMismatch: Sendable, Equatable, CustomStringConvertible {
    /// What differs.
    package enum Subject: String, Sendable, CaseIterable {
        case model, preparedGraph, precision, runtime, version, gpu, batch, streams, preprocessing, calibration, builder
    }

    /// What differs.
    package let subject: Subject
    /// How, in words that need no table: `for sm_86, this GPU is sm_90`.
    package let description: String

    init(_ subject: Subject, _ description: String) {
        self.subject = subject
        self.description = description
    }
}
