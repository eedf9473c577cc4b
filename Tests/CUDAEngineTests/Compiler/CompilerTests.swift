import ONNXModel
import SmallNetworks
import Testing

@testable import CUDAEngine

struct CompilerTests {
    @Test func everythingAroundAConvolutionIsJoinedToIt() throws {
        let network = try EngineCompiler.network(of: try SmallNetworks.residual())
        // A stem, two convolutions a block, three shortcuts, a fully connected layer.
        #expect(network.operations.map(\.kind).filter { $0 == .stem }.count == 1)
        #expect(network.operations.map(\.kind).filter { $0 == .convolution }.count == 11)
        #expect(network.operations.last?.kind == .fullyConnected)
        #expect(network.operations.count == 13)
        #expect(network.operations.filter { $0.residual != nil }.count == 4)
        // Behind the stem's activation alone a normalisation's shift needs a bias of its own at the borders.
        #expect(network.operations.filter { $0.bias.classes == 9 }.count == 1)
    }

    @Test func nothingOfMobileFaceNetStandsAlone() throws {
        let network = try EngineCompiler.network(of: try SmallNetworks.mobile())
        #expect(network.operations.allSatisfy { $0.kind != .depthwise || $0.window != .point })
        #expect(network.operations.filter { $0.residual != nil }.count == 2)
    }

    @Test(arguments: [(80, 0), (90, 2)])
    func shortcutsGoIntoTheSumsThatTheyAreAddedToWhereAKernelCan(architecture: Int, count: Int) throws {
        let target = KernelTarget(try KernelArchitecture(architecture))
        let network = try EngineCompiler.network(of: try SmallNetworks.residual())
        let plan = try EngineCompiler(target: target, batches: [1, 32]).compile(network).plan
        #expect(plan.steps.filter { $0.shortcut != nil }.count == count)
        #expect(plan.steps.count == 13 - count)
    }

    @Test func anOperatorWithoutAKernelIsNamed() throws {
        var builder = NetworkBuilder(seed: 1)
        var value = builder.convolution("image", from: 3, to: 16, stride: 2)
        value = builder.node("Sigmoid", [value])
        value = builder.node("GlobalAveragePool", [value])
        value = builder.node("Flatten", [value], [Attribute("axis", .int(1))])
        value = builder.fullyConnected(value, from: 16, to: 8)
        let model = try builder.prepared(value, width: 8)
        let error = #expect(throws: CUDAEngineError.self) { try EngineCompiler.network(of: model) }
        #expect(error?.code == .unsupportedOperator)
        #expect(error?.where.hasPrefix("Sigmoid") == true)
    }

    @Test(arguments: [(dilation: 2, stride: 1), (dilation: 1, stride: 3)])
    func aWindowWithoutAKernelIsNamed(dilation: Int64, stride: Int64) throws {
        var builder = NetworkBuilder(seed: 1)
        let weights = builder.constant([16, 3, 3, 3], -1...1)
        var value = builder.node(
            "Conv", ["image", weights],
            [
                Attribute("dilations", .ints([dilation, dilation])), Attribute("strides", .ints([stride, stride])),
                Attribute("pads", .ints([1, 1, 1, 1])),
            ])
        let side = dilation == 2 ? 110 : 38
        value = builder.node("Flatten", [value], [Attribute("axis", .int(1))])
        value = builder.fullyConnected(value, from: 16 * side * side, to: 8)
        let model = try builder.prepared(value, width: 8)
        let compiler = EngineCompiler(target: KernelTarget(try KernelArchitecture(80)), batches: [1])
        let error = #expect(throws: CUDAEngineError.self) {
            try compiler.compile(try EngineCompiler.network(of: model))
        }
        #expect(error?.code == .unsupportedOperator)
        #expect(error?.where.hasPrefix("Conv") == true)
    }

    @Test(arguments: [50, 61, 75])
    func aGPUBeforeAmpereIsRefused(number: Int) {
        let error = #expect(throws: CUDAEngineError.self) { try KernelArchitecture(number) }
        #expect(error?.code == .unsupportedGPU)
        #expect(error?.description.contains("\(number / 10).\(number % 10)") == true)
    }

    @Test(arguments: [
        (86, 89, true), (80, 86, true), (89, 86, false), (90, 100, false), (80, 90, false), (120, 121, true),
    ])
    func kernelsRunOnTheirOwnGenerationAndNoOlderOne(built: Int, here: Int, runs: Bool) throws {
        #expect(try KernelArchitecture(built).runs(on: here) == runs)
    }

    @Test(arguments: [80, 90])
    func exactKernelsAddInAnOrderThatNoBatchChanges(architecture: Int) throws {
        let target = KernelTarget(try KernelArchitecture(architecture))
        let network = try EngineCompiler.network(of: try SmallNetworks.residual())
        let plan = try EngineCompiler(target: target, batches: [1, 8, 256], element: .float32).compile(network).plan
        #expect(Set(plan.kernels.map(\.source)) == ["exact_convolution"])
        var splits: [Int: Set<String>] = [:]
        var tiles: [Int: Set<String>] = [:]
        for launch in plan.buckets.flatMap(\.launches) {
            for macro in plan.kernels[launch.kernel].macros {
                if macro.name == "SPLITS" { splits[launch.step, default: []].insert(macro.value) }
                if macro.name == "TILE_PIXELS" { tiles[launch.step, default: []].insert(macro.value) }
            }
        }
        #expect(splits.count == plan.steps.count && splits.values.allSatisfy { $0.count == 1 })
        #expect(tiles.values.contains { $0.count > 1 })
    }

    @Test func aWeightBeyondFloat16FitsIntoFloat32() throws {
        var network = try EngineCompiler.network(of: try SmallNetworks.tiny())
        network.operations[1].weights.scale(
            outputsBy: Array(repeating: 1e7, count: network.operations[1].weights.outputs))
        let target = KernelTarget(try KernelArchitecture(80))
        let error = #expect(throws: CUDAEngineError.self) {
            try EngineCompiler(target: target, batches: [1]).compile(network)
        }
        #expect(error?.code == .unusableWeights)
        #expect(error?.description.contains("--precision fp32") == true)
        let exact = try EngineCompiler(target: target, batches: [1], element: .float32).compile(network)
        #expect(exact.plan.element == .float32)
    }

    @Test func fewActivationsAreAliveAtATime() throws {
        let target = KernelTarget(try KernelArchitecture(80))
        let network = try EngineCompiler.network(of: try SmallNetworks.residual())
        let plan = try EngineCompiler(target: target, batches: [8]).compile(network).plan
        let all = plan.values.reduce(0) { $0 + ($1.element == .float16 ? $1.byteCount * 8 : 0) }
        // What the step with the largest operands needs, and no more than a residual besides.
        let most =
            plan.steps.map { step in
                Set([step.input, step.output, step.residual].compactMap { $0 }).reduce(0) { sum, value in
                    sum + (plan.values[value].element == .float16 ? plan.values[value].byteCount * 8 : 0)
                }
            }.max() ?? 0
        #expect(plan.buckets[0].arenaByteCount * 4 <= most * 5)
        #expect(plan.buckets[0].arenaByteCount < all)
    }

    @Test func everyLineOfTheHopperTableIsReadAndFitsAMultiprocessor() throws {
        let text = try #require(KernelSources.files.first { $0.name == "hopper_tiles.tsv" }).text
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(HopperTable.builtIn.count == lines.count - 1)
        #expect(HopperTable(text: "inputs\toutputs\n64\tx").count == 0)
        let target = KernelTarget(try KernelArchitecture(90))
        let network = try EngineCompiler.network(of: try SmallNetworks.residual())
        let plan = try EngineCompiler(target: target, batches: [1, 8, 32, 256]).compile(network).plan
        for launch in plan.buckets.flatMap(\.launches) { #expect(launch.sharedMemory <= 232_448) }
        #expect(plan.kernels.contains { $0.source == "hopper_split" })
        #expect(plan.kernels.contains { $0.source == "hopper_convolution" })
    }
}
