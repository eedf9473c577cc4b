import Foundation
import NativeLibraries
import SmallNetworks
import Testing

@testable import CUDAEngine

/// What is tried in place of a table's tiles.
struct TileCandidateTests {
    private static func problems(_ architecture: Int, _ batches: [Int]) throws -> [TileProblem] {
        let target = KernelTarget(try KernelArchitecture(architecture))
        return try SmallNetworks.all().flatMap { network in
            let plan = try EngineCompiler(target: target, batches: batches).compile(network).plan
            return TileProblem.all(of: plan, target: target, limit: 3)
        }
    }

    @Test(arguments: [80, 86, 90, 120])
    func theTablesChoiceIsFirstAndNoneComesTwice(architecture: Int) throws {
        let target = KernelTarget(try KernelArchitecture(architecture))
        for network in try SmallNetworks.all() {
            let plan = try EngineCompiler(target: target, batches: [1, 8, 32]).compile(network).plan
            let problems = TileProblem.all(of: plan, target: target, limit: 8)
            for problem in problems {
                let variants = problem.candidates.map(\.built.variant)
                #expect((2...8).contains(variants.count))
                #expect(Set(variants).count == variants.count)
                for launch in plan.buckets[problem.bucket].launches where problem.steps.contains(launch.step) {
                    #expect(plan.kernels[launch.kernel] == variants[0])
                }
            }
            for bucket in plan.buckets.indices {
                let covered = problems.filter { $0.bucket == bucket }.flatMap(\.steps)
                let choosable = plan.steps.indices.filter { [.stem, .convolution].contains(plan.steps[$0].kind) }
                #expect(covered.sorted() == choosable)
            }
        }
    }

    @Test(arguments: [80, 90])
    func aPlanWithAnyOfThemIsValidAndComputesTheSame(architecture: Int) throws {
        let target = KernelTarget(try KernelArchitecture(architecture))
        let network = try EngineCompiler.network(of: try SmallNetworks.tiny())
        var compiler = EngineCompiler(target: target, batches: [1])
        let usual = try compiler.compile(network)
        let faces = SyntheticFaces.make(1)
        var interpreter = try PlanInterpreter(usual.plan, weights: usual.weights)
        let expected = try interpreter.embed(faces, bucket: 0)
        for round in [1, 4, 7] {
            for problem in TileProblem.all(of: usual.plan, target: target, limit: 8) {
                compiler.tiles.choices[problem.place] = problem.candidates[round % problem.candidates.count].choice
            }
            let other = try compiler.compile(network)
            #expect(other.plan.kernels != usual.plan.kernels)
            try other.plan.validate()
            #expect(other.weights == usual.weights)
            for launch in other.plan.buckets[0].launches { #expect(launch.sharedMemory <= 232_448) }
            var interpreter = try PlanInterpreter(other.plan, weights: other.weights)
            #expect(try interpreter.embed(faces, bucket: 0) == expected)
        }
    }

    @Test(.enabled(if: TestFiles.hasNVRTC, TestFiles.noNVRTC), arguments: [80, 90])
    func allCompileWithoutSpills(architecture: Int) throws {
        let nvrtc = try NVRTC(search: .nvrtc(path: TestFiles.nvrtcFolder, source: "the test"))
        let variants = Set(
            try Self.problems(architecture, [8]).flatMap(\.candidates).map(\.built.variant))
        #expect(variants.count > 10)
        for variant in variants {
            let output = try nvrtc.compile(variant, for: try KernelArchitecture(architecture))
            let usage = try #require(KernelUsage(log: output.log), "\(output.log)")
            #expect(usage.spillStores == 0 && usage.spillLoads == 0, "\(variant.text): \(output.log)")
        }
    }
}
