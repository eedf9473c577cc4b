internal import CONNXRuntime
internal import NativeLibraries
internal import Synchronization

/// ONNX Runtime's state for this process, one for each loaded library file.
///
/// ONNX Runtime keeps a single environment for a process, whose logger is the first creator's for good, and its threads
/// don't survive unloading. So the environment, its log router and the library stay until the process ends.
final class ONNXRuntimeEnvironment: Sendable {
    let router: LogRouter
    nonisolated(unsafe) let api: OpaquePointer
    nonisolated(unsafe) let handle: OpaquePointer
    private let library: NativeLibrary

    private static let created = Mutex<[OpaqueAddress: ONNXRuntimeEnvironment]>([:])

    private struct OpaqueAddress: Hashable {
        var value: UInt
    }

    /// The environment of a loaded library, made on first use.
    static func shared(
        of library: NativeLibrary, api: OpaquePointer
    ) throws(ONNXRuntimeError) -> ONNXRuntimeEnvironment {
        let address = OpaqueAddress(value: UInt(bitPattern: api))
        let outcome: Result<ONNXRuntimeEnvironment, ONNXRuntimeError> = created.withLock { created in
            if let known = created[address] { return .success(known) }
            do throws(ONNXRuntimeError) {
                let new = try ONNXRuntimeEnvironment(library: library, address: address.value)
                created[address] = new
                return .success(new)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private init(library: NativeLibrary, address: UInt) throws(ONNXRuntimeError) {
        let router = LogRouter()
        var error = cort_error()
        guard let api = OpaquePointer(bitPattern: address),
            let handle = cort_environment_create(
                api, routeLogRecord, Unmanaged.passUnretained(router).toOpaque(),
                ONNXRuntimeLogSeverity.warning.rawValue, "arcface-tensorrt", &error)
        else {
            throw ONNXRuntimeError(
                .environment, taking: &error, doing: "ONNX Runtime can't start", where: library.path)
        }
        self.router = router
        self.api = api
        self.handle = handle
        self.library = library
    }

    deinit {
        cort_environment_free(handle)
    }
}
