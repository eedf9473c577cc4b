internal import CTensorRT
internal import Synchronization

/// Loads engines, for any thread, one at a time.
package final class TensorRTRuntime: Sendable {
    let library: TensorRTLibrary
    private let object: TensorRTObject
    /// TensorRT's objects are for one thread at a time.
    private let lock = Mutex(())

    /// Makes sure that there is a driver and a GPU, then starts TensorRT's runtime with host code in plans forbidden.
    ///
    /// - Parameters:
    ///   - library: Any flavour.
    ///   - driver: The driver's state; nil looks at this machine.
    /// - Throws: `TensorRTError` with code `.deviceUnavailable`, `.driverTooOld` or another.
    package init(_ library: TensorRTLibrary, driver: DriverState? = nil) throws(TensorRTError) {
        let state = driver ?? .current()
        try state.requireDevice(for: library.path)
        let interface = library.interface
        do throws(TensorRTError) {
            object = try interface.object("\(library.name) doesn't start", .callFailed, parents: [library]) {
                trt_runtime_create($0, interface.router.logger, $1)
            }
        } catch {
            guard error.code == .driverTooOld, let cuda = state.cudaName else { throw error }
            var error = error
            error.what += "; this machine's driver has \(cuda)"
            throw error
        }
        self.library = library
        _ = try interface.call("can't forbid host code in plans") {
            trt_runtime_forbid_host_code($0, object.pointer, $1)
        }
    }

    /// Loads a plan onto the current device. A plan is code: whoever calls vouches for the bytes.
    ///
    /// - Parameters:
    ///   - plan: A serialized engine; not kept.
    ///   - name: For messages, such as the plan's path.
    /// - Returns: The engine, described.
    /// - Throws: `TensorRTError` with code `.planDamaged`, `.planFromOtherVersion`, `.planForOtherGPU`,
    ///   `.gpuUnsupported`, `.outOfDeviceMemory` or `.planRefused`.
    package func deserialize(_ plan: UnsafeRawBufferPointer, name: String = "the plan") throws(TensorRTError)
        -> TensorRTEngine
    {
        guard let start = plan.baseAddress, !plan.isEmpty else {
            throw TensorRTError(.planDamaged, "is empty", at: name, mend: "build the engine again")
        }
        let engine = try lock.withLock { _ throws(TensorRTError) in
            try library.interface.object(
                "\(library.name) can't load the engine", .planRefused, at: name, mend: "build the engine again",
                parents: [object, library]
            ) { trt_runtime_deserialize($0, object.pointer, start, plan.count, $1) }
        }
        return try TensorRTEngine(engine, library: library, name: name)
    }

    /// Loads a plan from an array; otherwise as `deserialize(_:name:)` for raw bytes.
    package func deserialize(_ plan: [UInt8], name: String = "the plan") throws(TensorRTError) -> TensorRTEngine {
        // The closure can't have a typed error, so the result carries it out.
        try plan.withUnsafeBytes { bytes in
            Result { () throws(TensorRTError) in try deserialize(bytes, name: name) }
        }.get()
    }

    /// Loads a plan just built; otherwise as `deserialize(_:name:)` for raw bytes.
    package func deserialize(_ plan: PlanMemory, name: String = "the plan") throws(TensorRTError) -> TensorRTEngine {
        try plan.withUnsafeBytes { bytes in
            Result { () throws(TensorRTError) in try deserialize(bytes, name: name) }
        }.get()
    }
}
