import Testing

@testable import TensorRT

@Suite(.enabled(if: DoubleLibrary.canBuild, Comment(rawValue: DoubleLibrary.cannotBuild)))
struct RunTests {
    @Test(arguments: DoubleKind.all + [DoubleKind(family: "10", version: 100_001)])
    func anEngineDescribesItself(_ kind: DoubleKind) throws {
        let double = try DoubleTensorRT(kind)
        let engine = try WholeFlow.engine(with: double)
        func shapes(_ batches: [Int]) -> EngineTensor.ProfileShapes {
            let all = batches.map { [$0, 112, 112, 3] }
            return .init(minimum: all[0], optimum: all[1], maximum: all[2])
        }
        #expect(engine.tensors.count == 2)
        #expect(
            try engine.tensor("faces")
                == EngineTensor(
                    name: "faces", mode: .input, elementType: .uint8, shape: [-1, 112, 112, 3],
                    profiles: [shapes([1, 1, 1]), shapes([1, 4, 8])]))
        #expect(
            try engine.tensor("embedding")
                == EngineTensor(name: "embedding", mode: .output, elementType: .float, shape: [-1, 16], profiles: []))
        #expect(engine.profileCount == 2)
        #expect(engine.contextByteCount == 4096)
        #expect(engine.hardwareCompatibility == .ampereAndNewer)
        #expect(try engine.layersJSON() == "{\"Layers\": [\"double\"]}")
        #expect(throws: TensorRTError.self) { try engine.tensor("nose") }
        #expect(try double.traps() == 0)
    }

    @Test(arguments: DoubleKind.all)
    func aRunComputesWhatTheEngineComputes(_ kind: DoubleKind) throws {
        let double = try DoubleTensorRT(kind)
        let context = try WholeFlow.engine(with: double).makeContext()
        var generator = SystemRandomNumberGenerator()
        let faces = (0..<3).map { _ in (0..<37632).map { _ in UInt8.random(in: 0...255, using: &generator) } }
        let stream = UnsafeMutableRawPointer(bitPattern: 0xbeef)
        let embeddings = try WholeFlow.run(faces.flatMap { $0 }, count: 3, on: context, stream: stream)
        #expect(embeddings == faces.flatMap(TestModels.doubleEmbedding))
        #expect(try double.journal().last == "enqueue 3 on \(0xbeef)")
        #expect(try double.traps() == 0)
    }

    @Test(arguments: DoubleKind.all)
    func profilesHoldTheirBoundsAndBelongToOneContext(_ kind: DoubleKind) throws {
        let engine = try WholeFlow.engine(with: try DoubleTensorRT(kind))
        let first = try engine.makeContext()
        let second = try engine.makeContext()
        #expect(throws: TensorRTError.self) { try second.selectProfile(0, stream: nil) }
        try second.selectProfile(1, stream: nil)
        #expect(throws: TensorRTError.self) { try first.selectProfile(1, stream: nil) }
        #expect(throws: TensorRTError.self) { try first.selectProfile(2, stream: nil) }
        #expect(throws: TensorRTError.self) { try first.selectProfile(-1, stream: nil) }

        try first.setInputShape("faces", [1, 112, 112, 3])
        for wrong in [[2, 112, 112, 3], [0, 112, 112, 3], [1, 112, 112], [], Array(repeating: 1, count: 9)] {
            let error = #expect(throws: TensorRTError.self) { try first.setInputShape("faces", wrong) }
            #expect(error?.code == .invalidArgument)
        }
        #expect(throws: TensorRTError.self) { try first.setInputShape("nose", [1, 112, 112, 3]) }
        #expect(throws: TensorRTError.self) { try second.requireShapes() }
        try second.setInputShape("faces", [8, 112, 112, 3])
        try second.requireShapes()
        #expect(try second.shape(of: "embedding") == [8, 16])
    }

    @Test(arguments: DoubleKind.all)
    func aRunWithoutAddressesIsRefusedInTensorRTsWords(_ kind: DoubleKind) throws {
        let context = try WholeFlow.engine(with: try DoubleTensorRT(kind)).makeContext()
        try context.setInputShape("faces", [1, 112, 112, 3])
        let error = #expect(throws: TensorRTError.self) { try context.enqueue(on: nil) }
        #expect(error?.code == .enqueueFailed)
        #expect(error?.log.last?.message == "double: enqueued without shapes and addresses")
        #expect(error?.description.contains("double: enqueued without shapes") == true)
    }

    @Test func dimensionsThatTensorRT8HasNoRoomForAreRefused() throws {
        let context = try WholeFlow.engine(with: try DoubleTensorRT(.v8)).makeContext()
        let error = #expect(throws: TensorRTError.self) { try context.setInputShape("faces", [1, 1 << 33, 112, 3]) }
        #expect(error?.code == .invalidArgument)
    }

    @Test(arguments: DoubleKind.all)
    func plansThatAreNotForThisLibraryAreRefused(_ kind: DoubleKind) throws {
        let runtime = try TensorRTRuntime(try DoubleTensorRT(kind).library(), driver: DoubleTensorRT.driver)
        let other = try WholeFlow.build(with: try DoubleTensorRT(kind.family == "10" ? .v11 : .v10)).plan
        for (plan, code) in [
            (Array("garbage".utf8), TensorRTError.Code.planDamaged), ([], .planDamaged),
            (other.bytes, .planFromOtherVersion),
        ] {
            let error = #expect(throws: TensorRTError.self) { try runtime.deserialize(plan, name: "the/engine.plan") }
            #expect(error?.code == code)
            #expect(error?.where == "the/engine.plan")
            #expect(error?.mend.contains("build the engine again") == true)
        }
    }

    @Test(arguments: DoubleKind.all)
    func withoutADriverTheRuntimeIsNotAsked(_ kind: DoubleKind) throws {
        let double = try DoubleTensorRT(kind)
        let library = try double.library()
        let error = #expect(throws: TensorRTError.self) {
            try TensorRTRuntime(library, driver: .unavailable("libcuda.so.1: not found"))
        }
        #expect(error?.code == .deviceUnavailable)
        #expect(error?.description.contains("libcuda.so.1: not found") == true)
        #expect(try double.calls() == 0)
    }

    @Test func runTimeOptionsAreTensorRTRTXs() throws {
        let other = try WholeFlow.engine(with: try DoubleTensorRT(.v11))
        for options in [ContextOptions(specializesEagerly: true), ContextOptions(capturesGraphs: true)] {
            let error = #expect(throws: TensorRTError.self) { try other.makeContext(options) }
            #expect(error?.code == .unsupportedOption)
        }
        let error = #expect(throws: TensorRTError.self) { try other.makeRuntimeCache() }
        #expect(error?.code == .unsupportedOption)

        let double = try DoubleTensorRT(.rtx)
        let engine = try WholeFlow.engine(with: double)
        let cache = try engine.makeRuntimeCache()
        _ = try engine.makeContext(
            ContextOptions(specializesEagerly: true, capturesGraphs: true, runtimeCache: cache))
        #expect(try double.journal().suffix(3) == ["specialization 1", "graphs 1", "runtime cache 8"])
    }

    @Test func contextsOfACacheCompileOnceAndTheNextCacheNotAtAll() throws {
        let double = try DoubleTensorRT(.rtx)
        let engine = try WholeFlow.engine(with: double)
        let faces = [UInt8](repeating: 3, count: 3 * 37632)
        func run(with cache: RuntimeCache?) throws {
            // One after the other, as the second profile is one context's at a time.
            for _ in 0..<2 {
                _ = try WholeFlow.run(
                    faces, count: 3, on: try engine.makeContext(ContextOptions(runtimeCache: cache)))
            }
        }
        func compiled() throws -> Int { try double.journal().filter { $0 == "compiled 3" }.count }
        let cache = try engine.makeRuntimeCache()
        let empty = try cache.bytes()
        try run(with: cache)
        #expect(try compiled() == 1)
        let kernels = try cache.bytes()
        #expect(kernels.count > empty.count)

        let second = try engine.makeRuntimeCache()
        try second.load(kernels)
        try run(with: second)
        #expect(try compiled() == 1)
        #expect(try second.bytes() == kernels)
        let damaged = #expect(throws: TensorRTError.self) { try engine.makeRuntimeCache().load([1]) }
        #expect(damaged?.mend.isEmpty == false)
    }

    @Test func anEngineOutlivesWhatItWasMadeWith() throws {
        let double = try DoubleTensorRT(.v10)
        let context = try WholeFlow.engine(with: double).makeContext()
        // Library, runtime and engine have no other owner left.
        let embeddings = try WholeFlow.run([UInt8](repeating: 1, count: 37632), count: 1, on: context)
        #expect(embeddings.allSatisfy { $0 > 0 })
    }
}
