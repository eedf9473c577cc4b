package import CUDADriver

/// The GPUs that shall do a job, and the driver that reaches them.
package struct GPUSet: Sendable, CustomStringConvertible {
    /// The driver, started.
    package let driver: CUDADriver
    /// One or more GPUs of the same compute capability, each once.
    package let devices: [CUDADevice]
    /// The first of them, on which engines are built.
    package let first: CUDADevice

    /// Looks at the GPUs.
    ///
    /// - Parameters:
    ///   - ordinals: the GPUs' numbers, as CUDA_VISIBLE_DEVICES counts them.
    ///   - driver: the driver.
    /// - Throws: `ArcFaceError` with code `.configuration` for a GPU that isn't there or a list that makes no sense,
    ///   `.unavailable` without any GPU.
    package init(_ ordinals: [Int], driver: CUDADriver) throws(ArcFaceError) {
        var devices: [CUDADevice] = []
        do throws(CUDAError) {
            for ordinal in ordinals { devices.append(try driver.device(ordinal)) }
        } catch {
            guard error.code == .unknownDevice else { throw ArcFaceError(error) }
            throw ArcFaceError(.configuration, error.what, at: "tensorrt.gpus", mend: error.mend)
        }
        guard let first = devices.first, Set(ordinals).count == ordinals.count else {
            throw ArcFaceError(
                .configuration, "\(ordinals) is no list of GPUs", at: "tensorrt.gpus",
                mend: "name one or more GPUs, each once")
        }
        if let other = devices.first(where: { $0.computeCapability != first.computeCapability }) {
            throw ArcFaceError(
                .configuration,
                "\(first) is \(first.computeCapability.smName) and \(other) is \(other.computeCapability.smName): "
                    + "one engine is for GPUs of one kind", at: "tensorrt.gpus",
                mend: "name GPUs of one kind, and run another process for the others")
        }
        self.driver = driver
        self.devices = devices
        self.first = first
    }

    /// The GPUs' compute capability times ten, such as 90.
    package var sm: Int { first.computeCapability.major * 10 + first.computeCapability.minor }

    /// `GPU 0 (NVIDIA H100), GPU 1 (NVIDIA H100)`.
    package var description: String { devices.map(\.description).joined(separator: ", ") }

    /// The driver's own version where NVML tells it, otherwise the CUDA that it serves.
    package var driverVersion: String {
        // A driver without NVML works as well.
        (try? driver.managementLibrary?.driverVersion()) ?? "CUDA \(driver.version)"
    }
}
