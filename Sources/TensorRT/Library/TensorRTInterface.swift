internal import CTensorRT
internal import NativeLibraries

/// The loaded functions with everything that calls need, kept alive by every object that was made through them.
final class TensorRTInterface: Sendable {
    nonisolated(unsafe) let api: UnsafePointer<trt_api>
    let path: String
    let router: LogRouter
    private let libraries: [NativeLibrary]

    init(_ api: trt_api, path: String, router: LogRouter, libraries: [NativeLibrary]) {
        let place = UnsafeMutablePointer<trt_api>.allocate(capacity: 1)
        place.initialize(to: api)
        self.api = UnsafePointer(place)
        self.path = path
        self.router = router
        self.libraries = libraries
    }

    deinit {
        api.deallocate()
    }

    /// The same interface with the parser's factory.
    func adding(parser: NativeLibrary, factory: UnsafeMutableRawPointer) -> TensorRTInterface {
        var api = api.pointee
        api.create_parser = factory
        return TensorRTInterface(api, path: path, router: router, libraries: libraries + [parser])
    }

    /// Makes one call and turns its failure into an error that carries what TensorRT logged meanwhile.
    ///
    /// - Parameters:
    ///   - action: What couldn't be done if it fails, such as `can't create the builder`.
    ///   - code: The error's code unless the log tells a better one.
    ///   - place: What it is about; the library when not given.
    ///   - mend: What to do about it unless the log tells better.
    ///   - body: The call.
    /// - Returns: What the call returned.
    /// - Throws: `TensorRTError` with everything known about the failure.
    func call<Result>(
        _ action: @autoclosure () -> String, _ code: TensorRTError.Code = .callFailed, at place: String? = nil,
        mend: String = "", _ body: (UnsafePointer<trt_api>, UnsafeMutablePointer<trt_error>) -> Result
    ) throws(TensorRTError) -> Result {
        let position = router.sink.position
        var error = trt_error()
        let result = body(api, &error)
        guard error.kind == 0 else {
            throw failure(&error, action(), code, at: place ?? path, mend: mend, since: position)
        }
        return result
    }

    /// A call that creates an object which the caller owns from then on.
    func object(
        _ action: @autoclosure () -> String, _ code: TensorRTError.Code = .callFailed, at place: String? = nil,
        mend: String = "", parents: [AnyObject] = [],
        _ body: (UnsafePointer<trt_api>, UnsafeMutablePointer<trt_error>) -> OpaquePointer?
    ) throws(TensorRTError) -> TensorRTObject {
        let found = try call(action(), code, at: place, mend: mend, body)
        return TensorRTObject(try known(found, action()), interface: self, parents: parents)
    }

    /// A pointer that a successful call gave; nil there would break the rules of the C side.
    func known<Pointer>(_ pointer: Pointer?, _ action: String) throws(TensorRTError) -> Pointer {
        guard let pointer else { throw TensorRTError(.callFailed, action, at: path) }
        return pointer
    }

    private func failure(
        _ error: inout trt_error, _ action: String, _ code: TensorRTError.Code, at place: String, mend: String,
        since position: UInt64
    ) -> TensorRTError {
        let reason = error.message.map { String(cString: $0) } ?? "no reason given"
        let isUnavailable = error.kind == Int32(TRT_ERROR_UNAVAILABLE.rawValue)
        trt_error_free(&error)
        let log = router.sink.messages(since: position)
        let diagnosis = Diagnosis(log)
        return TensorRTError(
            diagnosis?.code ?? (isUnavailable ? .unsupportedOption : code), "\(action) (\(reason))", at: place,
            mend: diagnosis?.mend ?? mend, log: log)
    }
}
