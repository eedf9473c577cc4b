internal import CCUDADriver

extension CUDAFunction {
    /// Puts the kernel on a stream. The arguments are copied; the memory that they point at must outlive the run.
    ///
    /// - Throws: `CUDAError` with code `.invalidArgument` when the arguments aren't the kernel's or the launch is
    ///   impossible, `.unsupported` for clusters and overlap before CUDA 11.8. What goes wrong while it runs is
    ///   thrown by a later call on the stream.
    package func launch(
        _ launch: KernelLaunch, arguments: KernelArguments, on stream: CUDAStream
    ) throws(CUDAError) {
        let context = module.context
        try check(arguments)
        var configuration = try launch.configuration(for: name, on: context)
        let result = try context.status { table in
            arguments.withPointers { ccu_launch_kernel(table, handle, &configuration, stream.handle, $0) }
        }
        guard result == DriverResult.success else {
            let hasAttributes = launch.cluster != nil || launch.overlapsPredecessor || launch.isCooperative
            throw context.failure(
                result, call: hasAttributes ? "cuLaunchKernelEx" : "cuLaunchKernel",
                what: "can't launch the kernel \(name)")
        }
    }

    /// The driver reads as many pointers as the kernel has parameters, whatever it is given.
    private func check(_ arguments: KernelArguments) throws(CUDAError) {
        guard let parameterSizes else { return }
        let given = arguments.ranges.map(\.count)
        guard given != parameterSizes else { return }
        throw CUDAError(
            code: .invalidArgument,
            what: "the kernel \(name) takes parameters of \(parameterSizes) bytes but was given \(given)",
            where: module.context.device.description)
    }
}
