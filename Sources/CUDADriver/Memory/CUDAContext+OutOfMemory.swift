extension CUDAContext {
    /// The processes that hold this GPU's memory, largest first; empty where NVML is missing or can't tell (it often
    /// can't inside containers).
    package func memoryHolders() -> [GPUProcess] {
        guard let management = driver.managementLibrary else { return [] }
        do throws(CUDAError) {
            return try management.processes(on: device)
        } catch {
            driver.unthrown.add(error)
            return []
        }
    }

    /// The error of a failed allocation on the GPU: how much was wanted, how much was free, who holds the rest.
    func allocationFailure(_ result: Int32, call: String, byteCount: Int) -> CUDAError {
        let wanted = "can't allocate \(ByteSize(byteCount)) of GPU memory"
        guard result == DriverResult.outOfMemory else { return failure(result, call: call, what: wanted) }
        return failure(
            result, call: call, what: [wanted, freeMemoryPhrase(), holdersPhrase()].joined(),
            mend: "use a smaller batch or another GPU, or stop one of the processes that `nvidia-smi` lists")
    }

    private func freeMemoryPhrase() -> String {
        do throws(CUDAError) {
            let (free, total) = try memory()
            return " (\(ByteSize(free)) of \(ByteSize(total)) are free)"
        } catch {
            return ""  // The failed allocation is the error to report.
        }
    }

    private func holdersPhrase() -> String {
        let holders = memoryHolders().prefix(5).map(\.description)
        return holders.isEmpty ? "" : ", held by \(holders.joined(separator: ", "))"
    }
}
