package import ONNXModel

/// Compiles a prepared face model into a plan for a GPU, and its packed weights.
package struct EngineCompiler: Sendable {
    package var target: KernelTarget
    /// Batch sizes that get launches of their own, smallest first; larger batches are split by who runs the engine.
    package var batches: [Int]
    /// What activations and weights are made of: float16, or float32 for the slow exact kernels.
    package var element: PlanValue.Element
    /// What was measured to be faster than the table's choices.
    package var tiles = MeasuredTiles()

    package init(target: KernelTarget, batches: [Int], element: PlanValue.Element = .float16) {
        self.target = target
        self.batches = batches
        self.element = element
    }

    /// A plan and the constants that it refers to.
    package struct Result: Sendable {
        package var plan: EnginePlan
        package var weights: [UInt8]
    }

    /// The steps of a prepared graph, joined.
    ///
    /// - Parameter model: a prepared model in float32; the engine writes its own precision.
    /// - Returns: the network.
    /// - Throws: `unsupportedOperator` naming the first node that there are no kernels for, `unusableWeights`.
    package static func network(of model: PreparedModel) throws(CUDAEngineError) -> FusedNetwork {
        guard model.precision == .fp32 else {
            throw CUDAEngineError(
                .unsupportedOperator, "the model was prepared in \(model.precision.rawValue)",
                mend: "give the original model: our own engine writes its precision itself")
        }
        return NetworkFusion.fused(try GraphReader.read(model.model.graph))
    }

    /// Compiles a network.
    ///
    /// - Throws: `unsupportedOperator` for a step that no kernel does, `unusableWeights` for numbers beyond `element`.
    package func compile(_ network: FusedNetwork) throws(CUDAEngineError) -> Result {
        var lowering = try StepLowering(withShortcuts(network), element)
        let choices = batches.map { batch in
            let builder = LaunchBuilder(
                target: target, batch: batch, mean: network.mean, element: element, values: lowering.values)
            return lowering.steps.map { step in
                element == .float32
                    ? .exact(step, batch: batch, target: target) : tiles.choice(for: step, with: builder)
            }
        }
        var blob = WeightsBlob()
        for position in lowering.steps.indices {
            lowering.pack(position, Set(choices.map { $0[position].layout }), into: &blob)
        }
        let image = network.shapes[0]
        var plan = EnginePlan(
            architecture: target.architecture, element: element, imageHeight: image.height, imageWidth: image.width,
            mean: network.mean, embeddingWidth: network.embeddingWidth, weightsByteCount: blob.bytes.count,
            values: lowering.values, steps: lowering.steps, kernels: [], buckets: [])
        var kernels: [KernelVariant: Int] = [:]
        for (batch, choices) in zip(batches, choices) {
            plan.buckets.append(bucket(batch, choices, of: plan, &kernels))
        }
        plan.kernels = kernels.sorted { $0.value < $1.value }.map(\.key)
        return Result(plan: plan, weights: blob.bytes)
    }

    /// The network with shortcuts put into the products beside them, where a kernel does both for every batch.
    private func withShortcuts(_ network: FusedNetwork) throws(CUDAEngineError) -> FusedNetwork {
        guard target.architecture.isHopper, element == .float16 else { return network }
        let steps = try StepLowering(network, element).steps
        let able = network.operations.indices.filter { position in
            batches.allSatisfy { batch in HopperTable.builtIn.choice(for: steps[position], batch: batch) != nil }
        }
        return ShortcutFusion.fused(network, into: Set(able))
    }

    private func bucket(
        _ batch: Int, _ choices: [KernelChoice], of plan: EnginePlan, _ kernels: inout [KernelVariant: Int]
    ) -> PlanBucket {
        let arena = ArenaPlanner.place(plan.values, plan.steps, batch: batch)
        var bucket = PlanBucket(
            batch: batch, placements: arena.placements, arenaByteCount: arena.byteCount, workspaceByteCount: 0,
            counterByteCount: 0, launches: [])
        let builder = LaunchBuilder(
            target: target, batch: batch, mean: plan.mean, element: element, values: plan.values)
        for (position, choice) in choices.enumerated() {
            let step = plan.steps[position]
            let built = builder.launch(of: step, choice)
            let kernel = kernels[built.variant] ?? kernels.count
            kernels[built.variant] = kernel
            bucket.workspaceByteCount = max(bucket.workspaceByteCount, built.workspaceByteCount)
            bucket.counterByteCount = max(bucket.counterByteCount, built.counterByteCount)
            bucket.launches.append(
                PlanLaunch(
                    step: position, kernel: kernel,
                    weights: step.weights.firstIndex { $0.layout == choice.layout } ?? 0, grid: built.grid,
                    block: built.block, cluster: built.cluster, sharedMemory: built.sharedMemory,
                    // The first kernel follows a copy, which triggers nothing.
                    overlapsPredecessor: position > 0 && target.architecture.overlapsLaunches,
                    arguments: built.arguments))
        }
        return bucket
    }
}
