/// The model to build an engine from.
package enum ONNXSource: Sendable {
    /// The bytes of an ONNX file. `path`: the file that they come from, beside which weights outside the model are looked
    /// for; nil when the model holds all its weights.
    case bytes([UInt8], path: String? = nil)
    /// An ONNX file for TensorRT to read.
    case file(String)

    /// The name for messages.
    var name: String {
        switch self {
        case .bytes(_, let path): path ?? "the model"
        case .file(let path): path
        }
    }
}
