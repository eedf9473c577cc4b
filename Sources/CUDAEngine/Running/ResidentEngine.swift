package import CUDADriver

/// An engine on one GPU: its kernels and weights. Any number of streams may run it, each with scratch memory of its own.
package final class ResidentEngine: Sendable {
    package let plan: EnginePlan
    package let context: CUDAContext
    private let weights: DeviceMemory
    /// By number of the plan's kernels; nil where no bucket that was asked for launches it.
    private let functions: [CUDAFunction?]

    /// Why an engine couldn't be loaded.
    package enum Failure: Error {
        /// The engine itself.
        case engine(CUDAEngineError)
        /// The GPU or its driver.
        case driver(CUDAError)
    }

    /// Loads an engine's kernels and weights.
    ///
    /// - Parameters:
    ///   - bytes: the engine's file; a cubin is code, so the caller vouches for them.
    ///   - name: what to call it in messages.
    ///   - context: the GPU.
    /// - Throws: `engineDamaged`, `engineForOtherGPU`, or the driver's failure, such as too little memory.
    package init(
        _ bytes: UnsafeRawBufferPointer, named name: String, on context: CUDAContext
    ) throws(Failure) {
        let file: EngineFile
        do throws(CUDAEngineError) {
            file = try EngineFile(bytes)
            try Self.check(file.plan.architecture, context.device, name)
        } catch {
            var error = error
            if error.where.isEmpty { error.where = name }
            throw .engine(error)
        }
        do throws(CUDAError) {
            plan = file.plan
            self.context = context
            functions = try Self.functions(of: file, on: context)
            weights = try DeviceMemory(byteCount: max(file.weightsRange.count, 1), on: context)
            let stream = try CUDAStream(on: context)
            try stream.upload(UnsafeRawBufferPointer(rebasing: bytes[file.weightsRange]), to: weights)
        } catch {
            throw .driver(error)
        }
    }

    /// Bytes of the weights on the GPU.
    package var weightsByteCount: Int { weights.byteCount }

    private static func check(
        _ built: KernelArchitecture, _ device: CUDADevice, _ name: String
    ) throws(CUDAEngineError) {
        let here = device.computeCapability.major * 10 + device.computeCapability.minor
        guard !built.runs(on: here) else { return }
        throw CUDAEngineError(
            .engineForOtherGPU,
            "its kernels are for compute capability \(built.number / 10).\(built.number % 10), and \(device) has "
                + "\(device.computeCapability)",
            at: name, mend: "build the engine on this GPU, or with --compute-capability \(here)")
    }

    private static func functions(
        of file: EngineFile, on context: CUDAContext
    ) throws(CUDAError) -> [CUDAFunction?] {
        var sharedMemory: [Int: Int] = [:]
        for launch in file.plan.buckets.flatMap(\.launches) {
            sharedMemory[launch.kernel] = max(sharedMemory[launch.kernel] ?? 0, launch.sharedMemory)
        }
        var functions: [CUDAFunction?] = []
        for (number, variant) in file.plan.kernels.enumerated() {
            guard let bytes = sharedMemory[number] else {
                functions.append(nil)
                continue
            }
            let module = try CUDAModule(file.cubins[number], named: variant.text, on: context)
            let function = try module.function(named: variant.source)
            // Above 48 KiB, what the kernel itself declares included, it must ask for what its launches will add.
            if bytes > 40 << 10 { try function.set(.maxDynamicSharedMemory, to: bytes) }
            functions.append(function)
        }
        return functions
    }

    /// The launches of a bucket, their arguments bound to buffers.
    ///
    /// - Parameters:
    ///   - number: the number of the bucket.
    ///   - scratch: memory for the bucket's batch.
    ///   - faces: uint8 `[batch, height, width, 3]`, BGR.
    ///   - embeddings: room for float32 `[batch, width]`.
    /// - Returns: what `BoundRun.enqueue` puts on a stream.
    /// - Throws: `CUDAError` for buffers that are too small, or if the driver refuses a tensor map.
    package func bind(
        bucket number: Int, scratch: ScratchMemory, faces: DeviceMemory, embeddings: DeviceMemory
    ) throws(CUDAError) -> BoundRun {
        let bucket = plan.buckets[number]
        try require(
            faces.byteCount >= plan.values[0].byteCount * bucket.batch
                && embeddings.byteCount >= plan.values[plan.embedding].byteCount * bucket.batch
                && scratch.arena.byteCount >= bucket.arenaByteCount
                && scratch.workspace?.byteCount ?? 0 >= bucket.workspaceByteCount
                && scratch.counters?.byteCount ?? 0 >= bucket.counterByteCount,
            "buffers too small for a batch of \(bucket.batch)")
        let addresses = LaunchAddresses(
            plan: plan, bucket: bucket, weights: weights, scratch: scratch, faces: faces, embeddings: embeddings)
        var launches: [BoundRun.Launch] = []
        for launch in bucket.launches {
            guard let function = functions[launch.kernel] else { continue }
            launches.append(
                BoundRun.Launch(
                    function: function, launch: KernelLaunch(launch), arguments: try addresses.arguments(of: launch)))
        }
        try require(launches.count == bucket.launches.count, "a kernel wasn't loaded")
        return BoundRun(launches: launches, owners: [self, scratch, faces, embeddings])
    }

    private func require(_ isRight: Bool, _ what: String) throws(CUDAError) {
        if !isRight { throw CUDAError(code: .invalidArgument, what: what, where: context.device.description) }
    }
}

/// A bucket's launches with everything that they need.
package struct BoundRun: Sendable {
    struct Launch: Sendable {
        var function: CUDAFunction
        var launch: KernelLaunch
        var arguments: KernelArguments
    }

    let launches: [Launch]
    /// What the launches use, to be kept alive while they may run.
    package let owners: [any AnyObject & Sendable]

    /// Puts the run on a stream.
    ///
    /// - Throws: `CUDAError` when the driver refuses; what goes wrong while it runs is thrown by a later call on the stream.
    package func enqueue(on stream: CUDAStream) throws(CUDAError) {
        for item in launches { try item.function.launch(item.launch, arguments: item.arguments, on: stream) }
    }
}

extension KernelLaunch {
    /// A launch of a plan.
    init(_ launch: PlanLaunch) {
        self.init(
            grid: Extents(launch.grid), block: Extents(launch.block), cluster: launch.cluster.map { Extents($0) },
            dynamicSharedMemory: launch.sharedMemory, overlapsPredecessor: launch.overlapsPredecessor)
    }
}

extension KernelLaunch.Extents {
    init(_ extents: PlanExtents) { self.init(extents.x, extents.y, extents.z) }
}
