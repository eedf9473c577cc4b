internal import CONNXRuntime

extension ONNXRuntimeSession {
    /// Runs the model and writes outputs straight into the caller's memory.
    ///
    /// - Parameters:
    ///   - inputs: All of the model's inputs, in any order. Nothing is copied on the CPU.
    ///   - outputs: The outputs wanted, in any order, with their final shapes.
    ///   - cancellation: Stops the run from another thread.
    /// - Throws: `ONNXRuntimeError`. After a failed run the output memory holds anything.
    package func run(
        _ inputs: [TensorView], into outputs: [MutableTensorView], cancellation: RunCancellation? = nil
    ) throws(ONNXRuntimeError) {
        let inputIndices = try checkedInputs(inputs)
        let views = outputs.map(\.readOnly)
        let outputIndices = try checkedOutputs(views)
        guard !outputs.isEmpty else { return }

        var error = cort_error()
        let done = withBindings(inputs, indices: inputIndices) { inputs in
            withBindings(views, indices: outputIndices) { outputs in
                cort_session_run_into(
                    handle, cancellation?.handle, inputs.baseAddress, inputs.count, outputs.baseAddress, outputs.count,
                    &error)
            }
        }
        guard done else { throw runError(&error, cancellation: cancellation) }
    }

    /// Runs the model and lends the outputs to `body`: for outputs whose shapes only the run can tell.
    ///
    /// - Parameters:
    ///   - inputs: All of the model's inputs, in any order.
    ///   - names: The outputs wanted; nil for all.
    ///   - cancellation: Stops the run from another thread.
    ///   - body: Gets the outputs in the order of `names`. Their memory is gone when it returns.
    /// - Returns: What `body` returns.
    /// - Throws: `ONNXRuntimeError`, or what `body` throws.
    package func run<Result>(
        _ inputs: [TensorView], outputs names: [String]? = nil, cancellation: RunCancellation? = nil,
        body: ([TensorView]) throws -> Result
    ) throws -> Result {
        let inputIndices = try checkedInputs(inputs)
        let indices =
            try names.map { names throws(ONNXRuntimeError) in try outputIndices(names) } ?? Array(self.outputs.indices)

        var error = cort_error()
        let lent = withBindings(inputs, indices: inputIndices) { inputs in
            cort_session_run(
                handle, cancellation?.handle, inputs.baseAddress, inputs.count, indices, indices.count, &error)
        }
        guard let lent else { throw runError(&error, cancellation: cancellation) }
        defer { cort_outputs_free(lent) }

        return try body(
            indices.enumerated().map { position, index in
                try view(of: lent, at: position, name: outputs[index].name)
            })
    }

    private func view(of lent: OpaquePointer, at position: Int, name: String) throws(ONNXRuntimeError) -> TensorView {
        var error = cort_error()
        var tensor = cort_tensor()
        guard cort_outputs_get(lent, position, &tensor, &error) else {
            throw ONNXRuntimeError(
                .runFailed, taking: &error, doing: "can't read the output `\(name)`", where: self.name)
        }
        return TensorView(
            name: name, elementType: TensorElementType(rawValue: tensor.element_type),
            shape: UnsafeBufferPointer(start: tensor.shape, count: tensor.rank).map { Int($0) },
            bytes: UnsafeRawBufferPointer(start: tensor.data, count: tensor.byte_count))
    }

    private func runError(_ error: inout cort_error, cancellation: RunCancellation?) -> ONNXRuntimeError {
        let cancelled = cancellation?.isCancelled ?? false
        return ONNXRuntimeError(
            cancelled ? .cancelled : .runFailed, taking: &error, doing: cancelled ? "stopped" : "the run failed",
            where: name)
    }
}

/// Lays tensors out as C wants them, on the stack, for the length of the call.
private func withBindings<Result>(
    _ tensors: [TensorView], indices: [Int], _ body: (UnsafeBufferPointer<cort_binding>) -> Result
) -> Result {
    let rankSum = tensors.reduce(0) { $0 + $1.shape.count }
    return withUnsafeTemporaryAllocation(of: Int64.self, capacity: rankSum + 1) { dimensions in
        withUnsafeTemporaryAllocation(of: cort_binding.self, capacity: tensors.count) { bindings in
            var used = 0
            for (position, tensor) in tensors.enumerated() {
                let shape = dimensions.baseAddress.map { UnsafePointer($0 + used) }
                for dimension in tensor.shape {
                    dimensions.initializeElement(at: used, to: Int64(dimension))
                    used += 1
                }
                bindings.initializeElement(
                    at: position,
                    to: cort_binding(
                        index: indices[position],
                        tensor: cort_tensor(
                            data: UnsafeMutableRawPointer(mutating: tensor.bytes.baseAddress),
                            byte_count: tensor.bytes.count, shape: shape, rank: tensor.shape.count,
                            element_type: tensor.elementType.rawValue)))
            }
            return body(UnsafeBufferPointer(bindings))
        }
    }
}
