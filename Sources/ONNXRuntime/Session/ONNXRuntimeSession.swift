internal import CONNXRuntime

/// A model loaded into ONNX Runtime. Any number of threads may run it at once.
package final class ONNXRuntimeSession: Sendable {
    /// The name in errors and log records.
    package let name: String
    package let device: SessionOptions.Device
    /// The model's inputs, all of which every run needs.
    package let inputs: [TensorDescriptor]
    package let outputs: [TensorDescriptor]

    let runSettings: [String: String]
    let library: ONNXRuntimeLibrary
    nonisolated(unsafe) let handle: OpaquePointer

    /// Loads a model from the bytes of an ONNX file; they are read during the call only.
    ///
    /// - Throws: `ONNXRuntimeError` with code `.modelRefused` and ONNX Runtime's own message, `.deviceUnavailable`
    ///   or `.invalidOption`.
    package init(
        model: UnsafeRawBufferPointer, options: SessionOptions, library: ONNXRuntimeLibrary
    ) throws(ONNXRuntimeError) {
        guard let bytes = model.baseAddress, model.count > 0 else {
            throw ONNXRuntimeError(code: .modelRefused, what: "the model is empty", where: options.name)
        }
        try Self.checkThreads(options)
        try Self.checkDevice(options, library: library)

        var error = cort_error()
        let created = options.withCOptions {
            cort_session_create(library.environment.handle, bytes, model.count, $0, &error)
        }
        guard let created else {
            let failure = ONNXRuntimeError(
                .modelRefused, taking: &error, doing: "ONNX Runtime \(library.version) can't load the model",
                where: options.name)
            throw failure.aboutDevice(options.device)
        }
        handle = created
        name = options.name
        device = options.device
        runSettings = options.runSettings
        self.library = library
        inputs = Self.descriptors(count: cort_session_input_count(created)) { cort_session_input(created, $0) }
        outputs = Self.descriptors(count: cort_session_output_count(created)) { cort_session_output(created, $0) }
    }

    deinit {
        cort_session_free(handle)
    }

    private static func checkThreads(_ options: SessionOptions) throws(ONNXRuntimeError) {
        for threads in [options.intraOpThreads, options.interOpThreads]
        where !(0...SessionOptions.maximumThreads).contains(threads) {
            throw ONNXRuntimeError(
                code: .invalidOption, what: "\(threads) threads can't be started", where: options.name,
                mend: "choose 0 (one for each core) to \(SessionOptions.maximumThreads)")
        }
    }

    /// Refuses a GPU that this build of ONNX Runtime can't know; the rest is for ONNX Runtime to find out.
    private static func checkDevice(_ options: SessionOptions, library: ONNXRuntimeLibrary) throws(ONNXRuntimeError) {
        guard case .cuda(let ordinal) = options.device else { return }
        guard ordinal >= 0 else {
            throw ONNXRuntimeError(
                code: .deviceUnavailable, what: "no GPU has the ordinal \(ordinal)", where: options.name,
                mend: "count GPUs from 0")
        }
        guard library.availableProviders.contains("CUDAExecutionProvider") else {
            throw ONNXRuntimeError(
                code: .deviceUnavailable,
                what: "the ONNX Runtime at \(library.path) is built without CUDA", where: options.name,
                mend: "install it with `pip install onnxruntime-gpu`, or choose device cpu")
        }
    }

    private static func descriptors(
        count: Int, description: (Int) -> UnsafePointer<cort_description>?
    ) -> [TensorDescriptor] {
        (0..<count).compactMap { index in
            guard let declared = description(index)?.pointee else { return nil }
            let shape = (0..<declared.rank).map { axis -> TensorDescriptor.Dimension in
                if let value = declared.dimensions?[axis], value >= 0 { return .value(Int(value)) }
                return .symbol(declared.symbols?[axis].map { String(cString: $0) } ?? "")
            }
            return TensorDescriptor(
                name: String(cString: declared.name), elementType: TensorElementType(rawValue: declared.element_type),
                shape: shape)
        }
    }
}

extension ONNXRuntimeError {
    /// Names the device as the cause where ONNX Runtime's message says so: missing CUDA libraries, no such GPU.
    fileprivate func aboutDevice(_ device: SessionOptions.Device) -> ONNXRuntimeError {
        guard device != .cpu, ["CUDA", "cuda", "cuDNN"].contains(where: { what.contains($0) }) else { return self }
        var error = self
        error.code = .deviceUnavailable
        error.mend = "check the GPU driver, CUDA and cuDNN that this ONNX Runtime needs, or choose device cpu"
        return error
    }
}
