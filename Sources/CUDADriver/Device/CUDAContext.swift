internal import CCUDADriver
internal import Synchronization

/// A hold on a GPU's primary context, the one that TensorRT and the CUDA runtime use as well.
///
/// Everything made on it keeps it alive, so it is let go only after the last stream, buffer and module is freed. Several
/// objects for one GPU share the same context.
package final class CUDAContext: Sendable {
    package let driver: CUDADriver
    package let device: CUDADevice
    nonisolated(unsafe) let handle: OpaquePointer
    private let lost = Mutex<CUDAError?>(nil)

    /// Takes hold of a GPU's primary context, creating it on first use (which takes tenths of a second).
    ///
    /// - Throws: `CUDAError`, such as `.driverFailed` for a GPU in exclusive mode or `.outOfMemory` for a full one.
    package init(on device: CUDADevice, of driver: CUDADriver) throws(CUDAError) {
        var handle: OpaquePointer?
        let result = ccu_primary_retain(driver.table.pointer, &handle, device.handle)
        guard result == DriverResult.success, let handle else {
            throw driver.error(
                result == DriverResult.success ? DriverResult.invalidValue : result, call: "cuDevicePrimaryCtxRetain",
                what: "can't open the GPU", where: device.description)
        }
        self.driver = driver
        self.device = device
        self.handle = handle
    }

    deinit {
        let result = ccu_primary_release(driver.table.pointer, device.handle)
        if result != DriverResult.success {
            driver.unthrown.add(
                driver.error(
                    result, call: "cuDevicePrimaryCtxRelease_v2", what: "can't let go of the GPU",
                    where: device.description))
        }
    }

    /// The fault that broke this context for good, once there was one.
    package var lostError: CUDAError? { lost.withLock { $0 } }

    /// Waits until everything that was put on any stream of the context is done.
    ///
    /// - Throws: `CUDAError`, also for failures of work that was put there earlier.
    package func synchronize() throws(CUDAError) {
        try call("cuCtxSynchronize", "waiting for the GPU failed") { ccu_context_synchronize($0) }
    }

    /// Free and total bytes of the GPU's memory at this moment, all processes counted.
    ///
    /// - Throws: `CUDAError` when the driver can't tell.
    package func memory() throws(CUDAError) -> (free: Int, total: Int) {
        var (free, total) = (0, 0)
        try call("cuMemGetInfo_v2", "can't tell the free memory") { ccu_memory_info($0, &free, &total) }
        return (free, total)
    }

    /// Remembers the first fault that broke the context.
    func note(_ error: CUDAError) {
        if error.isSticky { lost.withLock { $0 = $0 ?? error } }
    }
}
