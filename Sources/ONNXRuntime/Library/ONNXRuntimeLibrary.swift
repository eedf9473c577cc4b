internal import CONNXRuntime
package import NativeLibraries

/// A loaded ONNX Runtime, ready to open sessions. Objects made from the same file share one environment.
package final class ONNXRuntimeLibrary: Sendable {
    /// The real path of the library that was loaded.
    package let path: String
    /// The library's own version, such as `1.32.0`.
    package let version: String
    /// The execution providers in this build, such as `CPUExecutionProvider`. Being listed doesn't mean that a
    /// provider can work here: its own libraries may be missing.
    package let availableProviders: [String]

    let environment: ONNXRuntimeEnvironment
    private let logKey: Int

    /// Finds ONNX Runtime and loads it.
    ///
    /// - Parameters:
    ///   - search: Where to look; see `LibrarySearch.onnxRuntime(path:source:)`.
    ///   - surroundings: The machine to search.
    ///   - logHandler: Receives the log of every session in this process that uses the same library file.
    /// - Throws: `ONNXRuntimeError` with code `.libraryUnavailable`, `.unsupportedVersion` or `.environment`.
    package init(
        search: LibrarySearch = .onnxRuntime(), surroundings: SearchSurroundings = .current,
        logHandler: @escaping ONNXRuntimeLogHandler
    ) throws(ONNXRuntimeError) {
        let library: NativeLibrary
        let entry: UnsafeMutableRawPointer
        do throws(NativeLibraryError) {
            library = try search.open(in: surroundings)
            entry = try library.symbol("OrtGetApiBase")
        } catch {
            var native = error
            if native.mend.isEmpty { native.mend = search.mend }
            throw ONNXRuntimeError(
                code: .libraryUnavailable, what: native.description, where: "", nativeLibraryError: native)
        }
        version = try Self.supportedVersion(of: library, entry: entry)
        guard let api = cort_api_get(entry) else {
            throw ONNXRuntimeError(
                code: .unsupportedVersion, what: "ONNX Runtime \(version) doesn't offer interface version 16",
                where: library.path, mend: search.mend)
        }
        path = library.path
        environment = try ONNXRuntimeEnvironment.shared(of: library, api: api)
        availableProviders = try Self.providers(api: api, path: library.path)
        logKey = environment.router.add(logHandler)
    }

    deinit {
        environment.router.remove(logKey)
    }

    /// Reads the version before anything else is asked: an older library writes to standard error when it is asked for
    /// an interface that it doesn't know.
    private static func supportedVersion(
        of library: NativeLibrary, entry: UnsafeMutableRawPointer
    ) throws(ONNXRuntimeError) -> String {
        let version = cort_version(entry).map { String(cString: $0) } ?? ""
        let numbers = version.split(separator: ".").prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, numbers[0] > 1 || (numbers[0] == 1 && numbers[1] >= 16) else {
            throw ONNXRuntimeError(
                code: .unsupportedVersion,
                what: "ONNX Runtime \(version.isEmpty ? "without a version" : version) is too old",
                where: library.path, mend: "install version 1.16 or newer: pip install onnxruntime")
        }
        return version
    }

    private static func providers(api: OpaquePointer, path: String) throws(ONNXRuntimeError) -> [String] {
        var error = cort_error()
        var names: [String] = []
        let done = withUnsafeMutablePointer(to: &names) { names in
            cort_available_providers(
                api, names,
                { context, name in
                    context?.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
                }, &error)
        }
        guard done else {
            throw ONNXRuntimeError(
                .environment, taking: &error, doing: "can't list the execution providers", where: path)
        }
        return names
    }
}
