internal import CTensorRT

/// Runs an engine: one thread at a time, one stream, one optimisation profile of its own.
package final class ExecutionContext {
    package let engine: TensorRTEngine
    private let object: TensorRTObject

    init(_ object: TensorRTObject, engine: TensorRTEngine) {
        self.object = object
        self.engine = engine
    }

    /// Chooses an optimisation profile; input shapes must be set again afterwards. Profile 0 is chosen already unless
    /// another context has it.
    ///
    /// - Parameters:
    ///   - index: 0 to `engine.profileCount - 1`; no other context may be using it.
    ///   - stream: The CUDA stream (`CUstream`) whose earlier work the change waits for; nil is the default stream.
    /// - Throws: `TensorRTError` with code `.invalidArgument`.
    package func selectProfile(_ index: Int, stream: UnsafeMutableRawPointer?) throws(TensorRTError) {
        guard 0..<engine.profileCount ~= index else {
            throw TensorRTError(
                .invalidArgument, "the engine has no profile \(index), only \(engine.profileCount)", at: engine.name)
        }
        _ = try call("can't choose profile \(index)", .invalidArgument) {
            trt_context_set_profile($0, object.pointer, Int32(index), stream, $1)
        }
    }

    /// Sets the shape of an input for the runs that follow.
    ///
    /// - Throws: `TensorRTError` with code `.invalidArgument` when the profile doesn't take it.
    package func setInputShape(_ name: String, _ shape: TensorShape) throws(TensorRTError) {
        var dims = try trt_dims(shape, of: name)
        _ = try call("the input `\(name)` doesn't take the shape \(shape)", .invalidArgument) {
            trt_context_set_input_shape($0, object.pointer, name, &dims, $1)
        }
    }

    /// The shape of a tensor, given the inputs' shapes.
    ///
    /// - Throws: `TensorRTError` with code `.invalidArgument` when an input's shape isn't set yet.
    package func shape(of name: String) throws(TensorRTError) -> TensorShape {
        var dims = trt_dims()
        _ = try call("can't tell the shape of `\(name)`", .invalidArgument) {
            trt_context_tensor_shape($0, object.pointer, name, &dims, $1)
        }
        return dims.shape
    }

    /// Says where a tensor's memory is. The memory must be large enough and must stay until the runs with it are done.
    ///
    /// - Parameters:
    ///   - address: device memory, aligned to 256 bytes.
    ///   - name: An input or output.
    /// - Throws: `TensorRTError` with code `.invalidArgument`.
    package func setAddress(_ address: UnsafeMutableRawPointer, of name: String) throws(TensorRTError) {
        _ = try call("can't set the address of `\(name)`", .invalidArgument) {
            trt_context_set_address($0, object.pointer, name, address, $1)
        }
    }

    /// Makes sure that every input has a shape, so that `enqueue` can work.
    ///
    /// - Throws: `TensorRTError` with code `.invalidArgument`.
    package func requireShapes() throws(TensorRTError) {
        let missing = try call("can't infer shapes", .invalidArgument) {
            trt_context_missing_shapes($0, object.pointer, $1)
        }
        guard missing == 0 else {
            throw TensorRTError(.invalidArgument, "\(missing) inputs lack a shape", at: engine.name)
        }
    }

    /// Enqueues one run and returns at once. Whether the run itself worked shows at the stream's next synchronization.
    ///
    /// - Parameter stream: A CUDA stream (`CUstream`); nil is the default stream, which no graph can be captured from.
    /// - Throws: `TensorRTError` with code `.enqueueFailed` or `.outOfDeviceMemory`.
    package func enqueue(on stream: UnsafeMutableRawPointer?) throws(TensorRTError) {
        _ = try call("can't enqueue a run", .enqueueFailed) { trt_context_enqueue($0, object.pointer, stream, $1) }
    }

    private func call<Result>(
        _ action: @autoclosure () -> String, _ code: TensorRTError.Code,
        _ body: (UnsafePointer<trt_api>, UnsafeMutablePointer<trt_error>) -> Result
    ) throws(TensorRTError) -> Result {
        try object.interface.call(action(), code, at: engine.name, body)
    }
}
