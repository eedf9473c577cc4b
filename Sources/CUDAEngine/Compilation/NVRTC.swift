internal import CCUDAEngine
package import NativeLibraries

/// NVIDIA's runtime compiler, found at run time. Any number of threads may compile at once.
package final class NVRTC: Sendable {
    /// Major and minor version, such as 13 and 0.
    package let version: (major: Int, minor: Int)
    /// The library's file.
    package var path: String { library.path }
    private let library: NativeLibrary
    private let builtins: NativeLibrary?
    private nonisolated(unsafe) let table: OpaquePointer

    /// A kernel's machine code, and what the compiler said about it.
    package struct Output: Sendable {
        package var cubin: [UInt8]
        package var log: String
    }

    /// - Throws: `compilerUnavailable` with the places that were looked at.
    package init(
        search: LibrarySearch = .nvrtc(), in surroundings: SearchSurroundings = .current
    ) throws(CUDAEngineError) {
        let library: NativeLibrary
        var addresses: [UnsafeMutableRawPointer] = []
        do throws(NativeLibraryError) {
            library = try search.open(in: surroundings)
            for index in 0..<cce_nvrtc_symbol_count() {
                addresses.append(try library.symbol(String(cString: cce_nvrtc_symbol_at(index))))
            }
        } catch {
            throw CUDAEngineError(.compilerUnavailable, error.description)
        }
        guard let table = cce_nvrtc_create() else {
            throw CUDAEngineError(.compilerUnavailable, "no memory for NVRTC's functions", at: library.path)
        }
        for (index, address) in addresses.enumerated() { cce_nvrtc_set(table, index, address) }
        var (major, minor): (Int32, Int32) = (0, 0)
        guard cce_nvrtc_version(table, &major, &minor) == 0 else {
            cce_nvrtc_free(table)
            throw CUDAEngineError(.compilerUnavailable, "the library doesn't tell its version", at: library.path)
        }
        self.library = library
        self.table = table
        builtins = Self.builtins(beside: library, version: "\(major).\(minor)")
        version = (Int(major), Int(minor))
    }

    /// NVRTC opens its second library by its bare name, which the loader doesn't find in pip's folders unless it is open already.
    private static func builtins(beside library: NativeLibrary, version: String) -> NativeLibrary? {
        guard let slash = library.path.lastIndex(of: "/") else { return nil }
        let path = library.path[...slash] + "libnvrtc-builtins.so.\(version)"
        do throws(NativeLibraryError) {
            return try NativeLibrary(opening: String(path))
        } catch {
            return nil  // It may be where the loader looks; NVRTC says so itself if it isn't.
        }
    }

    deinit {
        cce_nvrtc_free(table)
    }

    /// Compiles a kernel.
    ///
    /// - Throws: `compilationFailed` with the compiler's own words.
    package func compile(
        _ variant: KernelVariant, for architecture: KernelArchitecture
    ) throws(CUDAEngineError) -> Output {
        guard let source = KernelSources.text(of: variant.source) else {
            throw CUDAEngineError(.compilationFailed, "there is no kernel of that name", at: variant.text)
        }
        let options =
            ["--gpu-architecture=\(architecture.compilerName)", "--std=c++17", "--ptxas-options=-v"]
            + variant.macros.map { "-D\($0.name)=\($0.value)" }
        var compiled = cce_compiled()
        defer { cce_compiled_free(&compiled) }
        let result = CStrings.with(KernelSources.headers.map(\.text)) { headers in
            CStrings.with(KernelSources.headers.map(\.name)) { names in
                CStrings.with(options) { options in
                    cce_nvrtc_compile(
                        table, source, "\(variant.source).cu", headers.count, headers.baseAddress, names.baseAddress,
                        options.count, options.baseAddress, &compiled)
                }
            }
        }
        let log = compiled.log.map { String(cString: $0) } ?? ""
        guard result == 0, let bytes = compiled.cubin, compiled.cubin_size > 0 else {
            let reason = cce_nvrtc_error(table, result).map { String(cString: $0) } ?? "result \(result)"
            throw CUDAEngineError(
                .compilationFailed,
                "NVRTC \(version.major).\(version.minor) can't compile it for \(architecture.compilerName): \(reason) "
                    + log.prefix(2000),
                at: variant.text, mend: "use the NVRTC that this version is tested with: \(LibrarySearch.nvrtc().mend)")
        }
        return Output(cubin: Array(UnsafeBufferPointer(start: bytes, count: compiled.cubin_size)), log: log)
    }
}

/// Texts as C takes them.
private enum CStrings {
    static func with<Result>(
        _ texts: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>>) -> Result
    ) -> Result {
        let all = texts.map { Array($0.utf8CString) }
        func next(_ position: Int, _ pointers: [UnsafePointer<CChar>]) -> Result {
            guard position < all.count else { return pointers.withUnsafeBufferPointer(body) }
            return all[position].withUnsafeBufferPointer { text in
                next(position + 1, pointers + (text.baseAddress.map { [$0] } ?? []))
            }
        }
        return next(0, [])
    }
}
