import ONNXModel
import SmallNetworks
import Testing

@testable import CUDAEngine

struct InterpreterTests {
    private static func compiled(
        _ model: PreparedModel, _ batches: [Int], architecture: Int = 80, element: PlanValue.Element = .float16
    ) throws -> EngineCompiler.Result {
        let target = KernelTarget(try KernelArchitecture(architecture))
        return try EngineCompiler(target: target, batches: batches, element: element)
            .compile(try EngineCompiler.network(of: model))
    }

    @Test(.enabled(if: TestFiles.hasONNXRuntime, TestFiles.noONNXRuntime), arguments: [80, 90])
    func bordersShortcutsGroupsAndBothFamiliesOfKernelsAgreeWithONNXRuntime(architecture: Int) throws {
        for (name, model) in [("residual", try SmallNetworks.residual()), ("mobile", try SmallNetworks.mobile())] {
            let faces = SyntheticFaces.make(1, seed: 4)
            let result = try Self.compiled(model, [1], architecture: architecture)
            let layouts = Set(result.plan.steps.flatMap { $0.weights.map(\.layout) })
            #expect(layouts.contains(.blocks) == (architecture == 90 && name == "residual"))
            var interpreter = try PlanInterpreter(result.plan, weights: result.weights)
            let similarity = cosine(
                try interpreter.embed(faces, bucket: 0), try ReferenceEmbeddings.of(faces, model))
            #expect(similarity >= 0.9999, "\(name): \(similarity)")
        }
    }

    @Test(.enabled(if: TestFiles.hasONNXRuntime, TestFiles.noONNXRuntime), arguments: [80, 90])
    func inFloat32NothingIsLostAndTheWeightsAreThemselves(architecture: Int) throws {
        for (name, model) in [("residual", try SmallNetworks.residual()), ("mobile", try SmallNetworks.mobile())] {
            let faces = SyntheticFaces.make(1, seed: 4)
            let result = try Self.compiled(model, [1], architecture: architecture, element: .float32)
            #expect(result.plan.values.dropFirst().allSatisfy { $0.element == .float32 })
            #expect(result.plan.steps.allSatisfy { $0.shortcut == nil && $0.weights.map(\.layout) != [.blocks] })
            var interpreter = try PlanInterpreter(result.plan, weights: result.weights)
            let exact = try interpreter.embed(faces, bucket: 0)
            let expected = try ReferenceEmbeddings.of(faces, model)
            #expect(1 - cosine(exact, expected) < 1e-9, "\(name)")
            let half = try Self.compiled(model, [1], architecture: architecture)
            var rounding = try PlanInterpreter(half.plan, weights: half.weights)
            #expect(1 - cosine(try rounding.embed(faces, bucket: 0), expected) > 1e-9, "\(name)")
        }
    }

    @Test func eachRowOfABatchEqualsThatFaceAlone() throws {
        let result = try Self.compiled(try SmallNetworks.tiny(), [1, 4], architecture: 90)
        var interpreter = try PlanInterpreter(result.plan, weights: result.weights)
        let faces = SyntheticFaces.make(3)
        let together = try interpreter.embed(faces, bucket: 1)
        let size = 112 * 112 * 3
        for face in 0..<3 {
            let alone = try interpreter.embed(Array(faces[face * size..<(face + 1) * size]), bucket: 0)
            #expect(Array(together[face * 64..<(face + 1) * 64]) == alone)
            #expect(alone.contains { $0 != 0 } && alone.allSatisfy(\.isFinite))
        }
        #expect(together[..<64] != together[64..<128])
    }

    /// The borders' classes matter: without them the result is another one.
    @Test func aShiftInFrontOfPaddingIsExactAtTheBorders() throws {
        var network = try EngineCompiler.network(of: try SmallNetworks.tiny())
        let position = try #require(network.operations.firstIndex { $0.bias.classes == 9 })
        let faces = SyntheticFaces.make(1)
        let compiler = EngineCompiler(target: KernelTarget(try KernelArchitecture(80)), batches: [1])
        func embedding() throws -> [Float] {
            let result = try compiler.compile(network)
            var interpreter = try PlanInterpreter(result.plan, weights: result.weights)
            return try interpreter.embed(faces, bucket: 0)
        }
        let exact = try embedding()
        network.operations[position].bias = .uniform(Array(network.operations[position].bias.addends(ofClass: 4)))
        #expect(cosine(exact, try embedding()) < 0.99999)
    }

    @Test func valuesThatLieOverEachOtherAreFound() throws {
        var result = try Self.compiled(try SmallNetworks.tiny(), [1])
        let step = try #require(
            result.plan.steps.first { $0.kind == .convolution && $0.output != result.plan.embedding })
        result.plan.buckets[0].placements[step.output] = result.plan.buckets[0].placements[step.input]
        var interpreter = try PlanInterpreter(result.plan, weights: result.weights)
        let error = #expect(throws: CUDAEngineError.self) {
            try interpreter.embed(SyntheticFaces.make(1), bucket: 0)
        }
        #expect(error?.code == .engineDamaged)
    }
}
