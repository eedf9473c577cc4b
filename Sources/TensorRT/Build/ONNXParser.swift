internal import CTensorRT

/// The parser of one network, and the one owner of its C++ object. The network's weights are the parser's, so it must
/// live until the engine is built.
final class ONNXParser {
    private static let complaintLimit: Int32 = 100

    private let pointer: OpaquePointer
    private let network: NetworkDefinition
    private var interface: TensorRTInterface { network.object.interface }

    init(_ network: NetworkDefinition, logger: OpaquePointer) throws(TensorRTError) {
        let interface = network.object.interface
        let action = "can't create an ONNX parser"
        let pointer = try interface.call(action) { trt_parser_create($0, network.object.pointer, logger, $1) }
        self.pointer = try interface.known(pointer, action)
        self.network = network
    }

    deinit {
        trt_parser_destroy(interface.api, pointer)
    }

    /// Fills the network.
    ///
    /// - Throws: `TensorRTError` with code `.modelRefused` and the parser's complaints.
    func parse(_ model: ONNXSource) throws(TensorRTError) {
        if case .bytes(let bytes, _) = model, bytes.isEmpty {
            // TensorRT's parser takes nothing for a network of nothing.
            throw TensorRTError(.modelRefused, "the model is empty", at: model.name)
        }
        do throws(TensorRTError) {
            _ = try interface.call("TensorRT's ONNX parser refuses the model", .modelRefused, at: model.name) {
                api, error in
                switch model {
                case .bytes(let bytes, let path):
                    bytes.withUnsafeBytes { bytes in
                        bytes.baseAddress.map { trt_parser_parse(api, pointer, $0, bytes.count, path, error) } ?? false
                    }
                case .file(let path): trt_parser_parse_file(api, pointer, path, error)
                }
            }
        } catch {
            throw explained(error)
        }
    }

    /// The error with the parser's complaints, as far as they can be read.
    private func explained(_ error: TensorRTError) -> TensorRTError {
        var result = error
        do throws(TensorRTError) {
            let count = try interface.call("can't count complaints") { trt_parser_error_count($0, pointer, $1) }
            for index in 0..<min(count, Self.complaintLimit) {
                var found = trt_parser_error()
                _ = try interface.call("can't read a complaint") { trt_parser_error_at($0, pointer, index, &found, $1) }
                result.parserErrors.append(ONNXParserError(found))
            }
        } catch let unreadable {
            // The refusal itself is what counts; that its reasons can't be read is said beside it.
            result.what += "; \(unreadable.what)"
        }
        if result.mend.isEmpty {
            result.mend = "run `arcface-tensorrt model prepare` on the model, or export it again with opset 11 to 20"
        }
        return result
    }
}

extension ONNXParserError {
    fileprivate init(_ found: trt_parser_error) {
        func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        self.init(
            code: Int(found.code), reason: text(found.description), nodeIndex: found.node < 0 ? nil : Int(found.node),
            nodeName: text(found.node_name), operation: text(found.node_operator))
    }
}
