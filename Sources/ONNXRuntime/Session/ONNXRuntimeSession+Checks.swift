extension ONNXRuntimeSession {
    /// The place of each input in the model, after checking that exactly the model's inputs are there and that each is
    /// what the model declares.
    func checkedInputs(_ tensors: [TensorView]) throws(ONNXRuntimeError) -> [Int] {
        let indices = try checked(tensors, against: inputs, role: "input")
        if let missing = inputs.indices.first(where: { !indices.contains($0) }) {
            throw ONNXRuntimeError(
                code: .wrongTensorList, what: "the input `\(inputs[missing].name)` is missing", where: name,
                mend: "give \(inputs[missing])")
        }
        return indices
    }

    /// The place of each output in the model, after checking that its memory is what the model declares. ONNX Runtime
    /// trusts element types, so a wrong one would overrun the memory.
    func checkedOutputs(_ tensors: [TensorView]) throws(ONNXRuntimeError) -> [Int] {
        try checked(tensors, against: outputs, role: "output")
    }

    /// The places of outputs given by name.
    func outputIndices(_ names: [String]) throws(ONNXRuntimeError) -> [Int] {
        var indices: [Int] = []
        for tensor in names { indices.append(try index(of: tensor, in: outputs, after: indices, role: "output")) }
        return indices
    }

    private func checked(
        _ tensors: [TensorView], against declared: [TensorDescriptor], role: String
    ) throws(ONNXRuntimeError) -> [Int] {
        var indices: [Int] = []
        for tensor in tensors {
            let index = try index(of: tensor.name, in: declared, after: indices, role: role)
            try check(tensor, against: declared[index], role: role)
            indices.append(index)
        }
        return indices
    }

    private func index(
        of tensor: String, in declared: [TensorDescriptor], after earlier: [Int], role: String
    ) throws(ONNXRuntimeError) -> Int {
        guard let index = declared.firstIndex(where: { $0.name == tensor }) else {
            let names = declared.map { "`\($0.name)`" }.joined(separator: ", ")
            throw ONNXRuntimeError(
                code: .unknownTensor, what: "the model has no \(role) `\(tensor)`", where: name,
                mend: "its \(role)s are \(names)")
        }
        guard !earlier.contains(index) else {
            throw ONNXRuntimeError(
                code: .wrongTensorList, what: "the \(role) `\(tensor)` is given twice", where: name)
        }
        return index
    }

    private func check(_ tensor: TensorView, against declared: TensorDescriptor, role: String) throws(ONNXRuntimeError)
    {
        guard tensor.elementType == declared.elementType else {
            throw ONNXRuntimeError(
                code: .wrongElementType,
                what:
                    "the \(role) `\(tensor.name)` holds \(tensor.elementType), the model wants \(declared.elementType)",
                where: name)
        }
        guard declared.admits(tensor.shape) else {
            throw ONNXRuntimeError(
                code: .wrongShape,
                what: "the \(role) `\(tensor.name)` has the shape \(tensor.shape), the model wants \(declared)",
                where: name)
        }
        guard let expected = tensor.expectedByteCount, expected == tensor.bytes.count else {
            throw ONNXRuntimeError(
                code: .wrongByteCount,
                what: "the \(role) `\(tensor.name)` has \(tensor.bytes.count) bytes of memory, which isn't what "
                    + "\(tensor.elementType) \(tensor.shape) takes",
                where: name)
        }
    }
}

extension TensorView {
    /// Bytes that shape and element type ask for; nil when they don't fit an `Int` or make no sense.
    fileprivate var expectedByteCount: Int? {
        guard var product = elementType.byteCount else { return nil }
        for dimension in shape {
            guard dimension >= 0 else { return nil }
            let (value, overflow) = product.multipliedReportingOverflow(by: dimension)
            if overflow { return nil }
            product = value
        }
        return product
    }
}
