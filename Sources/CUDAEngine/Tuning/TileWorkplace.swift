internal import CUDADriver

/// A problem's memory on the GPU: the bucket's own arena, the weights of the layers in turn.
final class TileWorkplace {
    /// A candidate's launches, ready.
    struct Run {
        var function: CUDAFunction
        var launches: [(launch: KernelLaunch, arguments: KernelArguments)]
    }

    /// Launches of a graph.
    let launchCount: Int
    private let problem: TileProblem
    /// The plan with a step for each set of weights, and the problem's bucket alone.
    private let plan: EnginePlan
    /// Numbers of these steps.
    private let steps: [Int]
    private let weights: DeviceMemory
    private let pattern: DeviceMemory
    private let scratch: ScratchMemory
    private let faces: DeviceMemory
    private let embeddings: DeviceMemory
    private let stream: CUDAStream
    private var usual: [UInt8] = []

    /// - Throws: `CUDAError`, perhaps for want of memory.
    init(
        _ problem: TileProblem, of plan: EnginePlan, weights: DeviceMemory, cold: Int, pattern: DeviceMemory,
        on stream: CUDAStream
    ) throws(CUDAError) {
        self.problem = problem
        self.weights = weights
        self.pattern = pattern
        self.stream = stream
        launchCount = problem.batch <= 8 ? 24 : problem.batch <= 32 ? 16 : 6
        var bucket = plan.buckets[problem.bucket]
        let built = problem.candidates.map(\.built)
        bucket.workspaceByteCount = built.map(\.workspaceByteCount).max() ?? 0
        bucket.counterByteCount = built.map(\.counterByteCount).max() ?? 0
        var work = plan
        work.buckets = [bucket]
        steps = try Self.copies(problem, of: &work, in: weights, cold: cold, launchCount, stream)
        self.plan = work
        let context = stream.context
        scratch = try ScratchMemory(work, upTo: problem.batch, on: stream)
        faces = try DeviceMemory(byteCount: plan.values[0].byteCount * problem.batch, on: context)
        embeddings = try DeviceMemory(
            byteCount: plan.values[plan.embedding].byteCount * problem.batch, on: context)
        try fill(faces)
    }

    /// Adds copies of weights behind the plan's own, so that as many go by as in the engine.
    private static func copies(
        _ problem: TileProblem, of plan: inout EnginePlan, in weights: DeviceMemory, cold: Int, _ most: Int,
        _ stream: CUDAStream
    ) throws(CUDAError) -> [Int] {
        var steps = problem.steps
        let packed = plan.steps[steps[0]].weights[weightsNumber(problem, plan, steps[0])]
        var bytes = packed.byteCount * steps.count
        var offset = plan.weightsByteCount.rounded(upTo: 256)
        while bytes < cold, steps.count < most, offset + packed.byteCount <= weights.byteCount {
            var step = plan.steps[problem.steps[steps.count % problem.steps.count]]
            let number = weightsNumber(problem, plan, steps[0])
            try stream.copy(
                packed.byteCount, from: weights, sourceOffset: step.weights[number].offset, to: weights,
                targetOffset: offset)
            step.weights[number].offset = offset
            steps.append(plan.steps.count)
            plan.steps.append(step)
            bytes += packed.byteCount
            offset += packed.byteCount.rounded(upTo: 256)
        }
        return steps
    }

    private static func weightsNumber(_ problem: TileProblem, _ plan: EnginePlan, _ step: Int) -> Int {
        let layout = problem.candidates[0].choice.layout
        return plan.steps[step].weights.firstIndex { $0.layout == layout } ?? 0
    }

    /// Loads a candidate and binds its launches.
    ///
    /// - Throws: `CUDAError` if the driver refuses it.
    func run(_ built: LaunchBuilder.Result, _ cubin: [UInt8]) throws(CUDAError) -> Run {
        let module = try CUDAModule(cubin, named: built.variant.text, on: stream.context)
        let function = try module.function(named: built.variant.source)
        if built.sharedMemory > 40 << 10 { try function.set(.maxDynamicSharedMemory, to: built.sharedMemory) }
        let addresses = LaunchAddresses(
            plan: plan, bucket: plan.buckets[0], weights: weights, scratch: scratch, faces: faces,
            embeddings: embeddings)
        let usual = plan.buckets[0].launches.first { $0.step == problem.steps[0] }
        var launches: [(KernelLaunch, KernelArguments)] = []
        for number in 0..<launchCount {
            let step = steps[number % steps.count]
            let launch = PlanLaunch(
                step: step, kernel: 0, weights: Self.weightsNumber(problem, plan, step), grid: built.grid,
                block: built.block, cluster: built.cluster, sharedMemory: built.sharedMemory,
                overlapsPredecessor: number > 0 && usual?.overlapsPredecessor ?? false, arguments: built.arguments)
            launches.append((KernelLaunch(bound(launch)), try addresses.arguments(of: bound(launch))))
        }
        return Run(function: function, launches: launches)
    }

    /// A launch with the tensor maps of its own step's values: those of the candidate name the first step's.
    private func bound(_ launch: PlanLaunch) -> PlanLaunch {
        guard case .tensorMaps(let maps) = launch.arguments else { return launch }
        let step = plan.steps[launch.step]
        let values = [step.input, step.output, step.residual ?? step.output, step.shortcut ?? step.input]
        var launch = launch
        launch.arguments = .tensorMaps(
            zip(maps, values).map { map, value in
                var map = map
                map.value = value
                return map
            })
        return launch
    }

    /// Runs a candidate once, and compares what it gives with what the table's choice gave.
    ///
    /// - Returns: what is wrong with it, or nil.
    /// - Throws: `CUDAError` if it can't be run.
    func check(_ run: Run, isUsual: Bool) throws(CUDAError) -> String? {
        try refill()
        try run.function.launch(run.launches[0].launch, arguments: run.launches[0].arguments, on: stream)
        let output = try read(plan.steps[problem.steps[0]].output)
        if isUsual {
            usual = output
            return nil
        }
        let isFloat = plan.values[plan.steps[problem.steps[0]].output].element == .float32
        return OutputAgreement(isFloat: isFloat).objection(to: output, beside: usual)
    }

    /// Captures a candidate's launches.
    ///
    /// - Throws: `CUDAError` if they can't be captured.
    func graph(_ run: Run) throws(CUDAError) -> CUDAGraphExecutable {
        let graph = try stream.capture { () throws(CUDAError) in
            for item in run.launches { try run.function.launch(item.launch, arguments: item.arguments, on: stream) }
        }
        let executable = try graph.instantiate(keeping: [run.function, weights, scratch, faces, embeddings])
        try executable.upload(on: stream)
        return executable
    }

    /// Puts fresh numbers into all activations, and zeros into the counters.
    func refill() throws(CUDAError) {
        try fill(scratch.arena)
        if let counters = scratch.counters { try stream.fill(counters, byteCount: counters.byteCount, with: 0) }
        // A value that nothing writes shows itself, where it isn't added to.
        try stream.fill(embeddings, byteCount: embeddings.byteCount, with: 0xff)
        let step = plan.steps[problem.steps[0]]
        let operands = [step.input, step.residual, step.shortcut].compactMap { $0 }
            .map { plan.buckets[0].placements[$0] }
        if let place = plan.buckets[0].placements[step.output], !operands.contains(place) {
            let size = plan.values[step.output].byteCount * problem.batch
            try stream.fill(scratch.arena, at: place, byteCount: size, with: 0xff)
        }
    }

    private func fill(_ memory: DeviceMemory) throws(CUDAError) {
        var done = min(pattern.byteCount, memory.byteCount)
        try stream.copy(done, from: pattern, to: memory)
        while done < memory.byteCount {
            let next = min(done, memory.byteCount - done)
            try stream.copy(next, from: memory, to: memory, targetOffset: done)
            done += next
        }
    }

    /// The first and the last image of a value.
    private func read(_ value: Int) throws(CUDAError) -> [UInt8] {
        let size = plan.values[value].byteCount
        let place = plan.buckets[0].placements[value]
        let memory = place == nil ? embeddings : scratch.arena
        var bytes: [UInt8] = []
        for image in Set([0, problem.batch - 1]).sorted() {
            var one = [UInt8](repeating: 0, count: size)
            try one.withUnsafeMutableBytes { target in
                Result { () throws(CUDAError) in
                    try stream.download(memory, at: (place ?? 0) + image * size, into: target)
                }
            }.get()
            bytes += one
        }
        return bytes
    }
}
