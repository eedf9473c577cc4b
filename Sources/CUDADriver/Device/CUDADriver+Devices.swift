internal import CCUDADriver

extension CUDADriver {
    /// How many GPUs this process may use.
    ///
    /// - Throws: `CUDAError` when the driver can't tell.
    package func deviceCount() throws(CUDAError) -> Int {
        var count: Int32 = 0
        try check(
            ccu_device_count(table.pointer, &count), call: "cuDeviceGetCount", where: path, "can't count the GPUs")
        return Int(max(count, 0))
    }

    /// All GPUs that this process may use, in the order of their numbers.
    ///
    /// - Throws: `CUDAError` when the driver can't describe one.
    package func devices() throws(CUDAError) -> [CUDADevice] {
        var devices: [CUDADevice] = []
        for ordinal in 0..<(try deviceCount()) { devices.append(try describe(ordinal)) }
        return devices
    }

    /// One GPU by its number.
    ///
    /// - Throws: `CUDAError` with code `.noDevice` when there is none at all, `.unknownDevice` for a wrong number.
    package func device(_ ordinal: Int) throws(CUDAError) -> CUDADevice {
        let count = try deviceCount()
        guard count > 0 else {
            throw CUDAError(
                code: .noDevice, what: "the NVIDIA driver offers no GPU", where: path,
                mend: DriverResult(value: 100).mend)
        }
        guard (0..<count).contains(ordinal) else {
            throw CUDAError(
                code: .unknownDevice,
                what: "there is no GPU \(ordinal); this process may use \(count) (0 to \(count - 1))", where: path,
                mend: "name one of these, or check CUDA_VISIBLE_DEVICES")
        }
        return try describe(ordinal)
    }

    private func describe(_ ordinal: Int) throws(CUDAError) -> CUDADevice {
        let place = "GPU \(ordinal)"
        var handle: Int32 = 0
        try check(
            ccu_device_get(table.pointer, &handle, Int32(ordinal)), call: "cuDeviceGet", where: place,
            "can't get the GPU")
        var bytes = 0
        try check(
            ccu_device_memory(table.pointer, &bytes, handle), call: "cuDeviceTotalMem_v2", where: place,
            "can't tell the memory")
        let table = table.pointer
        let name = try text("cuDeviceGetName", place, capacity: 256) { ccu_device_name(table, $0, $1, handle) }
        let bus = try text("cuDeviceGetPCIBusId", place, capacity: 32) {
            ccu_device_pci_bus_id(table, $0, $1, handle)
        }
        let reader = AttributeReader(driver: self, handle: handle, place: place)
        return CUDADevice(
            ordinal: ordinal,
            name: name,
            computeCapability: ComputeCapability(
                try reader.value(.computeCapabilityMajor), try reader.value(.computeCapabilityMinor)),
            totalMemory: bytes,
            uuid: try uuid(handle, place),
            pciBusID: bus,
            multiprocessorCount: try reader.value(.multiprocessorCount),
            maxSharedMemoryPerBlock: try reader.value(.maxSharedMemoryPerBlockOptIn),
            sharedMemoryPerMultiprocessor: try reader.value(.maxSharedMemoryPerMultiprocessor),
            l2CacheSize: try reader.value(.l2CacheSize),
            supportsClusters: try supportsClusters(reader),
            isIntegrated: try reader.value(.integrated) != 0,
            handle: handle)
    }

    /// Drivers before CUDA 11.8 refuse the question.
    private func supportsClusters(_ reader: AttributeReader) throws(CUDAError) -> Bool {
        version < CUDAVersion(11, 8) ? false : try reader.value(.clusterLaunch) != 0
    }

    private func text(
        _ call: String, _ place: String, capacity: Int, _ read: (UnsafeMutablePointer<CChar>, Int32) -> Int32
    ) throws(CUDAError) -> String {
        var bytes = [CChar](repeating: 0, count: capacity)
        let result = bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { read($0, Int32(capacity)) } ?? DriverResult.invalidValue
        }
        try check(result, call: call, where: place, "can't describe the GPU")
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func uuid(_ handle: Int32, _ place: String) throws(CUDAError) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        try check(
            ccu_device_uuid(table.pointer, &bytes, handle), call: "cuDeviceGetUuid_v2", where: place,
            "can't identify the GPU")
        let digits = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        let groups = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }
        return "GPU-" + groups.joined(separator: "-")
    }
}

/// Properties that the driver gives as whole numbers, by the numbers of `CUdevice_attribute`.
private enum DeviceAttribute: Int32 {
    case multiprocessorCount = 16
    case integrated = 18
    case l2CacheSize = 38
    case computeCapabilityMajor = 75
    case computeCapabilityMinor = 76
    case maxSharedMemoryPerMultiprocessor = 81
    case maxSharedMemoryPerBlockOptIn = 97
    case clusterLaunch = 120
}

private struct AttributeReader {
    var driver: CUDADriver
    var handle: Int32
    var place: String

    func value(_ attribute: DeviceAttribute) throws(CUDAError) -> Int {
        var value: Int32 = 0
        try driver.check(
            ccu_device_attribute(driver.table.pointer, &value, attribute.rawValue, handle),
            call: "cuDeviceGetAttribute", where: place, "can't describe the GPU (attribute \(attribute.rawValue))")
        return Int(value)
    }
}
