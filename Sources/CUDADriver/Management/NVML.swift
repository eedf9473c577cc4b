internal import CCUDADriver
internal import Glibc
package import NativeLibraries

/// NVIDIA's management library. It knows what other processes do on a GPU, which the driver's interface doesn't tell.
package final class NVML: Sendable {
    private let library: NativeLibrary
    private nonisolated(unsafe) let table: OpaquePointer

    /// Finds the library, loads it and starts it.
    ///
    /// - Throws: `CUDAError` with code `.libraryUnavailable` or `.driverFailed`.
    package init(search: LibrarySearch, surroundings: SearchSurroundings = .current) throws(CUDAError) {
        guard let table = ccu_nvml_create() else {
            throw CUDAError(code: .driverFailed, what: "no memory for NVML's functions", where: "")
        }
        let library: NativeLibrary
        do throws(NativeLibraryError) {
            library = try search.open(in: surroundings)
            for index in 0..<ccu_nvml_symbol_count() {
                ccu_nvml_set(table, index, try library.symbol(String(cString: ccu_nvml_symbol_at(index))))
            }
        } catch {
            ccu_nvml_free(table)
            throw CUDAError(
                code: .libraryUnavailable, what: error.description, where: "", nativeLibraryError: error)
        }
        let result = ccu_nvml_start(table)
        guard result == 0 else {
            ccu_nvml_free(table)
            throw CUDAError(
                code: .driverFailed, what: "NVML can't start (result \(result))", where: library.path,
                mend: "see whether `nvidia-smi` works", call: "nvmlInit_v2", result: result)
        }
        self.library = library
        self.table = table
    }

    deinit {
        ccu_nvml_free(table)
    }

    /// The driver's own version, such as `580.65.06`.
    ///
    /// - Throws: `CUDAError` when the library can't tell.
    package func driverVersion() throws(CUDAError) -> String {
        var text = [CChar](repeating: 0, count: 96)
        let result = ccu_nvml_driver_version(table, &text, UInt32(text.count))
        guard result == 0 else {
            throw failure(result, "nvmlSystemGetDriverVersion", "can't tell the driver's version")
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The processes that compute on a GPU, those with most memory first.
    ///
    /// - Throws: `CUDAError` when the library can't tell.
    package func processes(on device: CUDADevice) throws(CUDAError) -> [GPUProcess] {
        var found = [ccu_nvml_process](repeating: ccu_nvml_process(), count: 256)
        var count = UInt32(found.count)
        let result = ccu_nvml_processes(table, device.pciBusID, &found, &count)
        guard result == 0 else {
            throw failure(result, "nvmlDeviceGetComputeRunningProcesses_v3", "can't tell who uses \(device)")
        }
        return found.prefix(Int(count))
            .map { GPUProcess(pid: Int($0.pid), name: Self.name(ofProcess: $0.pid), byteCount: Int(exactly: $0.bytes)) }
            .sorted { ($0.byteCount ?? 0) > ($1.byteCount ?? 0) }
    }

    /// The clocks and the used memory of a GPU at this moment.
    ///
    /// - Throws: `CUDAError` when the library doesn't know the GPU.
    package func condition(of device: CUDADevice) throws(CUDAError) -> GPUCondition {
        var condition = ccu_nvml_condition()
        let result = ccu_nvml_condition_of(table, device.pciBusID, &condition)
        guard result == 0 else {
            throw failure(result, "nvmlDeviceGetHandleByPciBusId_v2", "can't tell the clocks of \(device)")
        }
        func known(_ value: UInt32) -> Int? { value > 0 ? Int(value) : nil }
        return GPUCondition(
            clock: known(condition.sm_mhz), maximumClock: known(condition.max_sm_mhz),
            memoryClock: known(condition.memory_mhz),
            usedMemory: condition.used_bytes > 0 ? Int(exactly: condition.used_bytes) : nil)
    }

    private func failure(_ result: Int32, _ call: String, _ what: String) -> CUDAError {
        CUDAError(
            code: .callFailed, what: "\(what): \(call) gave \(result)", where: library.path, call: call, result: result)
    }

    private static func name(ofProcess pid: UInt32) -> String? {
        guard let file = fopen("/proc/\(pid)/comm", "r") else { return nil }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 64)
        guard fgets(&text, Int32(text.count), file) != nil else { return nil }
        let name = String(decoding: text.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return name.isEmpty ? nil : name
    }
}
