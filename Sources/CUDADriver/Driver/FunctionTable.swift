internal import CCUDADriver
internal import NativeLibraries
internal import Synchronization

extension CUDAVersion {
    /// The oldest that this room works with.
    package static let minimum = CUDAVersion(encoded: Int(CCU_MINIMUM_VERSION))
}

/// The driver's functions, looked up by name, and the library that they lie in.
final class FunctionTable: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer
    private let library: NativeLibrary

    /// Libraries that were opened. The driver starts threads of its own and keeps state for the process, so it is never
    /// unloaded.
    private static let opened = Mutex<[String: NativeLibrary]>([:])

    /// Looks up every function. The version is asked for before anything is missed, so that an old driver is called old.
    static func of(_ library: NativeLibrary) throws(CUDAError) -> (table: FunctionTable, version: CUDAVersion) {
        opened.withLock { $0[library.path] = $0[library.path] ?? library }
        guard let pointer = ccu_driver_create() else {
            throw CUDAError(code: .driverFailed, what: "no memory for the driver's functions", where: library.path)
        }
        let table = FunctionTable(pointer: pointer, library: library)
        let missing = table.fill()
        let version = try table.readVersion()
        guard version >= .minimum else {
            throw CUDAError(
                code: .driverTooOld, what: "the NVIDIA driver is too old: it serves CUDA \(version)",
                where: library.path, mend: "install \(CUDAVersion.minimum.driverPhrase)")
        }
        if let lacking = missing.first {
            throw CUDAError(
                code: .libraryUnavailable,
                what: "this isn't the expected library: it serves CUDA \(version) but has no \(lacking.exported), "
                    + "which came with CUDA \(lacking.version)",
                where: library.path, mend: "install \(max(lacking.version, .minimum).driverPhrase)",
                call: lacking.exported)
        }
        return (table, version)
    }

    /// The version that brought a function, by its exported name.
    static func version(of exported: String) -> CUDAVersion? {
        symbols.first { $0.exported == exported }?.version
    }

    private struct Symbol {
        var exported: String
        var name: String
        var encodedVersion: Int32
        var version: CUDAVersion { CUDAVersion(encoded: Int(encodedVersion)) }
    }

    private static var symbols: [Symbol] {
        (0..<ccu_symbol_count()).map { index in
            let symbol = ccu_symbol_at(index)
            return Symbol(
                exported: String(cString: symbol.exported), name: String(cString: symbol.name),
                encodedVersion: symbol.version)
        }
    }

    private init(pointer: OpaquePointer, library: NativeLibrary) {
        self.pointer = pointer
        self.library = library
    }

    deinit {
        ccu_driver_free(pointer)
    }

    /// Gives the functions that every driver of the minimum version has and this one hasn't.
    private func fill() -> [Symbol] {
        var missing: [Symbol] = []
        for (index, symbol) in Self.symbols.enumerated() {
            if let address = address(of: symbol) {
                ccu_driver_set(pointer, index, address)
            } else if symbol.version <= .minimum {
                missing.append(symbol)
            }
        }
        return missing
    }

    /// By its exported name, else through `cuGetProcAddress`, which also knows what isn't exported.
    private func address(of symbol: Symbol) -> UnsafeMutableRawPointer? {
        if let address = exported(symbol.exported) { return address }
        for (entry, isSecondForm) in [("cuGetProcAddress_v2", true), ("cuGetProcAddress", false)] {
            guard let ask = exported(entry) else { continue }
            return ccu_proc_address(ask, isSecondForm ? 1 : 0, symbol.name, symbol.encodedVersion)
        }
        return nil
    }

    private func exported(_ name: String) -> UnsafeMutableRawPointer? {
        do throws(NativeLibraryError) {
            return try library.symbol(name)
        } catch {
            return nil  // Absence is an answer here; the caller decides whether it is a fault.
        }
    }

    private func readVersion() throws(CUDAError) -> CUDAVersion {
        var encoded: Int32 = 0
        let result = ccu_driver_version(pointer, &encoded)
        guard result == DriverResult.success else {
            let name = ccu_error_name(pointer, result).map { String(cString: $0) }
            throw CUDAError(
                code: .libraryUnavailable,
                what: "this isn't NVIDIA's driver library: it doesn't tell its version"
                    + (result == DriverResult.missing ? "" : " (\(name ?? "result \(result)"))"),
                where: library.path, mend: "install \(CUDAVersion.minimum.driverPhrase)", call: "cuDriverGetVersion",
                result: result == DriverResult.missing ? nil : result, resultName: name)
        }
        return CUDAVersion(encoded: Int(encoded))
    }
}
