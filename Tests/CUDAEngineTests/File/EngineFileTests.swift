import Digests
import SmallNetworks
import Testing

@testable import CUDAEngine

struct EngineFileTests {
    /// An engine whose kernels are a few bytes.
    private static func engine(_ element: PlanValue.Element = .float16) throws -> (
        bytes: [UInt8], compiled: EngineCompiler.Result, cubins: [[UInt8]]
    ) {
        let target = KernelTarget(try KernelArchitecture(90))
        let network = try EngineCompiler.network(of: try SmallNetworks.tiny())
        let compiled = try EngineCompiler(target: target, batches: [1, 4], element: element).compile(network)
        let cubins = compiled.plan.kernels.indices.map { [UInt8]("kernel \($0)".utf8) }
        return (EngineFile.bytes(plan: compiled.plan, cubins: cubins, weights: compiled.weights), compiled, cubins)
    }

    private static func read(_ bytes: [UInt8]) throws(CUDAEngineError) -> EngineFile {
        try bytes.withUnsafeBufferPointer { (bytes) throws(CUDAEngineError) in
            try EngineFile(UnsafeRawBufferPointer(bytes))
        }
    }

    @Test(arguments: [PlanValue.Element.float16, .float32])
    func aFileIsReadAsItWasWritten(element: PlanValue.Element) throws {
        let (bytes, compiled, cubins) = try Self.engine(element)
        let file = try Self.read(bytes)
        #expect(file.plan == compiled.plan)
        #expect(file.plan.element == element)
        #expect(file.cubins == cubins)
        #expect(Array(bytes[file.weightsRange]) == compiled.weights)
        #expect(file.weightsRange.lowerBound % 256 == 0)
    }

    @Test func aByteThatWasAlteredIsFoundWhereverItIs() throws {
        let (bytes, _, _) = try Self.engine()
        for place in Array(0..<120) + stride(from: 120, to: bytes.count, by: bytes.count / 60) {
            var altered = bytes
            altered[place] ^= 0x40
            let error = #expect(throws: CUDAEngineError.self, "\(place)") { try Self.read(altered) }
            #expect(error?.code == .engineDamaged || error?.code == .engineOfOtherVersion, "\(place)")
        }
    }

    @Test func aFileThatEndsTooEarlyIsDamaged() throws {
        let (bytes, _, _) = try Self.engine()
        for count in [0, 7, 8, 79, 80, 200, bytes.count / 2, bytes.count - 1] {
            let error = #expect(throws: CUDAEngineError.self) { try Self.read(Array(bytes[..<count])) }
            #expect(error?.code == .engineDamaged)
        }
    }

    /// Whoever can write a plan can write its digest: the plan's own numbers are checked as well.
    @Test func aPlanThatLiesIsRefusedThoughItsDigestIsRight() throws {
        let (bytes, _, _) = try Self.engine()
        var state: UInt64 = 7
        var refused = 0
        for _ in 0..<400 {
            var altered = bytes
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Somewhere in the plan, which the head's first size ends.
            let planEnd = 80 + Int(bytes[16]) + Int(bytes[17]) << 8 + Int(bytes[18]) << 16
            let place = 80 + Int(state >> 33) % (planEnd - 80)
            altered[place] = UInt8(truncatingIfNeeded: state >> 20)
            let digest = altered[80...].withUnsafeBytes { Digest.of($0) }
            altered.replaceSubrange(40..<72, with: digest.bytes)
            do throws(CUDAEngineError) {
                try Self.read(altered).plan.validate()
            } catch {
                #expect([.engineDamaged, .unsupportedGPU].contains(error.code))
                refused += 1
            }
        }
        #expect(refused > 100)
    }

    /// The same steps with numbers of another size would be read past their end.
    @Test func aPlanWhoseElementIsAnotherThanItsWeightsIsRefused() throws {
        var plan = try Self.engine().compiled.plan
        for element in [PlanValue.Element.float32, .uint8] {
            plan.element = element
            let error = #expect(throws: CUDAEngineError.self) { try plan.validate() }
            #expect(error?.code == .engineDamaged)
        }
    }

    @Test func anotherVersionsFormatIsNamed() throws {
        var (bytes, _, _) = try Self.engine()
        bytes[8] = 9
        let error = #expect(throws: CUDAEngineError.self) { try Self.read(bytes) }
        #expect(error?.code == .engineOfOtherVersion)
        #expect(error?.description.contains("format 9") == true)
    }
}
