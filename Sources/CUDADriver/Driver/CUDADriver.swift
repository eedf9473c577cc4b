internal import CCUDADriver
package import NativeLibraries

/// NVIDIA's driver library, loaded and started. The door to everything else in this room.
///
/// All objects may be used from any thread; each call makes its GPU's context current by itself and restores what was
/// current before.
package final class CUDADriver: Sendable {
    /// The real path of the library that was loaded.
    package let path: String
    /// The newest version of CUDA's interface that this driver serves.
    package let version: CUDAVersion

    let table: FunctionTable
    let unthrown = UnthrownErrors()
    private let management: ManagementSource

    /// Finds libcuda, loads it and starts it. The library stays loaded until the process ends.
    ///
    /// - Parameters:
    ///   - search: Where to look; see `LibrarySearch.cuda(path:source:)`.
    ///   - managementSearch: Where NVML is looked for once an error message could use it.
    ///   - surroundings: The machine to search.
    /// - Throws: `CUDAError` with code `.libraryUnavailable`, `.driverTooOld`, `.noDevice` or `.driverFailed`.
    package init(
        search: LibrarySearch = .cuda(), managementSearch: LibrarySearch = .nvml(),
        surroundings: SearchSurroundings = .current
    ) throws(CUDAError) {
        let library: NativeLibrary
        do throws(NativeLibraryError) {
            library = try search.open(in: surroundings)
        } catch {
            throw CUDAError(
                code: .libraryUnavailable, what: error.description, where: "", nativeLibraryError: error)
        }
        let loaded = try FunctionTable.of(library)
        path = library.path
        version = loaded.version
        table = loaded.table
        management = ManagementSource(search: managementSearch, surroundings: surroundings)
        let result = ccu_init(table.pointer)
        guard result == DriverResult.success else {
            throw error(result, call: "cuInit", what: "the NVIDIA driver can't start", where: path)
        }
    }

    /// Failures that came up where nothing could be thrown, above all while objects were being freed; the first few.
    package var unthrownErrors: [CUDAError] { unthrown.all }

    /// NVIDIA's management library, loaded on first use; nil where there is none.
    package var managementLibrary: NVML? { management.library }

    /// The error for a failed call: the driver's own words, and what helps.
    func error(
        _ result: Int32, call: String, what: String, where place: String, mend: String? = nil
    ) -> CUDAError {
        let meaning = DriverResult(value: result)
        guard result != DriverResult.missing else { return missingFunction(call, what: what, where: place) }
        let name = ccu_error_name(table.pointer, result).map { String(cString: $0) }
        let words = ccu_error_string(table.pointer, result).map { String(cString: $0) }
        let reason = [name ?? "result \(result)", words.map { "(\($0))" }].compactMap { $0 }.joined(separator: " ")
        return CUDAError(
            code: meaning.code, what: "\(what): \(call) gave \(reason)", where: place, mend: mend ?? meaning.mend,
            call: call, result: result, resultName: name)
    }

    private func missingFunction(_ call: String, what: String, where place: String) -> CUDAError {
        let since = FunctionTable.version(of: call) ?? CUDAVersion.minimum
        return CUDAError(
            code: .unsupported, what: "\(what): the driver (CUDA \(version)) has no \(call)", where: place,
            mend: "install \(since.driverPhrase)", call: call)
    }

    /// Turns a result that isn't success into an error.
    func check(
        _ result: Int32, call: String, where place: @autoclosure () -> String, _ what: @autoclosure () -> String
    ) throws(CUDAError) {
        if result != DriverResult.success { throw error(result, call: call, what: what(), where: place()) }
    }
}
