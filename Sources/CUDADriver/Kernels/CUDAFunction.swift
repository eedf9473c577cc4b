internal import CCUDADriver

/// A kernel of a module, which it keeps loaded.
package final class CUDAFunction: Sendable {
    package let name: String
    package let module: CUDAModule
    nonisolated(unsafe) let handle: OpaquePointer
    /// Sizes of the parameters in bytes; nil where the driver can't tell (before CUDA 12.4).
    package let parameterSizes: [Int]?

    init(_ handle: OpaquePointer, named name: String, of module: CUDAModule) throws(CUDAError) {
        self.handle = handle
        self.name = name
        self.module = module
        parameterSizes = try Self.parameterSizes(of: handle, named: name, on: module.context)
    }

    /// A property of the compiled kernel.
    package enum Attribute: Int32, Sendable {
        case maxThreadsPerBlock = 0
        /// Bytes of shared memory that the kernel itself declares.
        case staticSharedMemory = 1
        /// Bytes of local memory of each thread; more than 0 means spilled registers or arrays.
        case localMemory = 3
        case registerCount = 4
        /// The architecture that it was compiled for, such as 90.
        case binaryVersion = 6
        /// Bytes of shared memory that a launch may add; above 48 KiB only after it was set.
        case maxDynamicSharedMemory = 8
        /// Whether clusters larger than eight blocks may be launched.
        case allowsLargeClusters = 14
    }

    /// Reads a property.
    ///
    /// - Throws: `CUDAError` when the driver doesn't know it.
    package func value(of attribute: Attribute) throws(CUDAError) -> Int {
        var value: Int32 = 0
        try module.context.call("cuFuncGetAttribute", "can't read \(attribute) of the kernel \(name)") {
            ccu_function_attribute($0, &value, attribute.rawValue, handle)
        }
        return Int(value)
    }

    /// Sets a property, such as the shared memory that launches will ask for.
    ///
    /// - Throws: `CUDAError` with code `.invalidArgument` when the GPU doesn't have so much of it.
    package func set(_ attribute: Attribute, to value: Int) throws(CUDAError) {
        try module.context.call("cuFuncSetAttribute", "can't set \(attribute) of the kernel \(name) to \(value)") {
            ccu_function_set_attribute($0, handle, attribute.rawValue, Int32(clamping: value))
        }
    }

    /// How many blocks of such a launch one multiprocessor holds at once.
    ///
    /// - Throws: `CUDAError` when the driver can't tell.
    package func blocksPerMultiprocessor(
        threadsPerBlock: Int, dynamicSharedMemory: Int = 0
    ) throws(CUDAError) -> Int {
        var blocks: Int32 = 0
        try module.context.call(
            "cuOccupancyMaxActiveBlocksPerMultiprocessor", "can't tell the occupancy of the kernel \(name)"
        ) {
            ccu_occupancy($0, &blocks, handle, Int32(clamping: threadsPerBlock), max(dynamicSharedMemory, 0))
        }
        return Int(blocks)
    }

    /// How many clusters of such a launch the GPU holds at once.
    ///
    /// - Throws: `CUDAError` with code `.unsupported` before CUDA 11.8.
    package func maxActiveClusters(of launch: KernelLaunch) throws(CUDAError) -> Int {
        var clusters: Int32 = 0
        var configuration = try launch.configuration(for: name, on: module.context)
        try module.context.call("cuOccupancyMaxActiveClusters", "can't tell the occupancy of the kernel \(name)") {
            ccu_occupancy_clusters($0, &clusters, handle, &configuration)
        }
        return Int(clusters)
    }

    private static func parameterSizes(
        of handle: OpaquePointer, named name: String, on context: CUDAContext
    ) throws(CUDAError) -> [Int]? {
        var sizes: [Int] = []
        // 4096 bytes of parameters are the most that a kernel had for long, 32764 since; each is a byte at least.
        while sizes.count < 32764 {
            var (offset, size) = (0, 0)
            let result = try context.status { ccu_function_parameter($0, handle, sizes.count, &offset, &size) }
            if result == DriverResult.missing { return nil }
            if result == DriverResult.invalidValue { break }
            guard result == DriverResult.success else {
                throw context.failure(
                    result, call: "cuFuncGetParamInfo", what: "can't tell the parameters of the kernel \(name)")
            }
            sizes.append(size)
        }
        return sizes
    }
}
