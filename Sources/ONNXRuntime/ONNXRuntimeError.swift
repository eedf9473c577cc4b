internal import CONNXRuntime
package import NativeLibraries

/// Why ONNX Runtime couldn't be loaded, or couldn't load or run a model.
package struct ONNXRuntimeError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// No usable `libonnxruntime` was found; `nativeLibraryError` has the places.
        case libraryUnavailable
        /// The library is older than 1.16, or answers differently from what an ONNX Runtime answers.
        case unsupportedVersion
        /// The process-wide environment couldn't be created.
        case environment
        /// A session option makes no sense.
        case invalidOption
        /// The device asked for isn't there or isn't in this build of ONNX Runtime.
        case deviceUnavailable
        /// ONNX Runtime refused the model.
        case modelRefused
        /// The model has no input or output of this name.
        case unknownTensor
        /// An input is missing, or a name is given twice.
        case wrongTensorList
        case wrongElementType
        case wrongShape
        /// The memory isn't as large as shape and element type say.
        case wrongByteCount
        /// The run failed inside ONNX Runtime.
        case runFailed
        /// The run was stopped by a `RunCancellation`.
        case cancelled
    }

    package var code: Code
    /// What went wrong, in one sentence without a full stop.
    package var what: String
    /// The session's name, or the library's path.
    package var `where`: String
    /// What to do about it; empty where nothing general can be said.
    package var mend: String
    /// ONNX Runtime's own error code, such as 7 for an invalid protobuf; nil when the fault was found before asking it.
    package var runtimeCode: Int?
    /// Where the library was looked for.
    package var nativeLibraryError: NativeLibraryError?

    package init(
        code: Code, what: String, where: String, mend: String = "", runtimeCode: Int? = nil,
        nativeLibraryError: NativeLibraryError? = nil
    ) {
        self.code = code
        self.what = what
        self.where = `where`
        self.mend = mend
        self.runtimeCode = runtimeCode
        self.nativeLibraryError = nativeLibraryError
    }

    /// One line: where, what, and the mend.
    package var description: String {
        [`where`.isEmpty ? what : "\(`where`): \(what)", mend].filter { !$0.isEmpty }.joined(separator: "; ")
            .split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

extension ONNXRuntimeError {
    /// Takes the reason out of a failed call and frees it.
    init(_ code: Code, taking error: inout cort_error, doing action: String, where: String, mend: String = "") {
        let reason = error.message.map { String(cString: $0) } ?? "no message"
        let runtimeCode = error.code < 0 ? nil : Int(error.code)
        cort_error_free(&error)
        self.init(code: code, what: "\(action): \(reason)", where: `where`, mend: mend, runtimeCode: runtimeCode)
    }
}
