/// Why an ONNX model could not be read, mended, prepared or written.
///
/// `description` is one line: what is wrong, where, and what to do about it.
package struct ONNXModelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure; callers that react to one compare `code`.
    package enum Code: String, Sendable {
        case unreadableFile
        case unwritableFile
        case notONNX
        case truncated
        case malformedVarint
        case malformedField
        case malformedText
        case tooDeep
        case tooLarge
        case invalidTensor
        case externalData
        case invalidGraph
        case cyclicGraph
        case missingValue
        case duplicateValue
        case unsupportedOpset
        case unsupportedOperator
        case notFaceModel
        case notDetector
        case preprocessingConflict
        case precisionConflict
    }

    /// The kind of failure.
    package let code: Code
    /// What is wrong, in a few words.
    package let what: String
    /// Where: a path, a byte offset, a node or a tensor. Empty if there is no narrower place than the call.
    package var location: String
    /// What to do about it.
    package let mend: String

    /// Creates an error from its parts.
    package init(_ code: Code, _ what: String, at location: String = "", mend: String) {
        self.code = code
        self.what = what
        self.location = location
        self.mend = mend
    }

    /// The error on one line.
    package var description: String {
        let text = location.isEmpty ? "\(what); \(mend)" : "\(location): \(what); \(mend)"
        return String(text.map { $0.isNewline ? " " : $0 })
    }

    /// The same error with a path put before its location.
    package func inFile(_ path: String) -> ONNXModelError {
        var copy = self
        copy.location = location.isEmpty ? path : "\(path), \(location)"
        return copy
    }
}
