internal import CTensorRT

/// A network that the parser fills.
final class NetworkDefinition {
    let object: TensorRTObject
    private var interface: TensorRTInterface { object.interface }

    init(_ builder: TensorRTObject) throws(TensorRTError) {
        object = try builder.interface.object("can't create a network", parents: [builder]) {
            trt_builder_create_network($0, builder.pointer, $1)
        }
    }

    func layerCount() throws(TensorRTError) -> Int {
        Int(try interface.call("can't count the layers") { trt_network_layer_count($0, object.pointer, $1) })
    }

    func inputs() throws(TensorRTError) -> [BuiltEngine.Tensor] {
        let count = try interface.call("can't count the inputs") { trt_network_input_count($0, object.pointer, $1) }
        return try tensors(count, "input", trt_network_input)
    }

    func outputs() throws(TensorRTError) -> [BuiltEngine.Tensor] {
        let count = try interface.call("can't count the outputs") { trt_network_output_count($0, object.pointer, $1) }
        return try tensors(count, "output", trt_network_output)
    }

    private typealias Lookup = (
        UnsafePointer<trt_api>, OpaquePointer, Int32, UnsafeMutablePointer<trt_error>
    ) -> OpaquePointer?

    private func tensors(
        _ count: Int32, _ role: String, _ lookup: Lookup
    ) throws(TensorRTError) -> [BuiltEngine.Tensor] {
        var tensors: [BuiltEngine.Tensor] = []
        for index in 0..<count {
            let action = "can't read \(role) \(index)"
            let found = try interface.call(action) { lookup($0, object.pointer, index, $1) }
            let tensor = try interface.known(found, action)
            let name = try interface.call(action) { trt_tensor_name($0, tensor, $1) }
            let type = try interface.call(action) { trt_tensor_type($0, tensor, $1) }
            var dims = trt_dims()
            _ = try interface.call(action) { trt_tensor_dims($0, tensor, &dims, $1) }
            guard let elementType = TensorRTElementType(rawValue: type) else {
                throw TensorRTError(
                    .unsuitableNetwork, "\(role) \(index) has an unknown type, number \(type)", at: interface.path)
            }
            tensors.append(
                .init(
                    name: String(cString: try interface.known(name, action)), elementType: elementType,
                    shape: dims.shape))
        }
        return tensors
    }
}
