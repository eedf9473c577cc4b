import Testing

@testable import CUDADriver

@Suite(.enabled(if: DoubleLibrary.obstacle == nil, "needs a C++ compiler"))
struct KernelTests {
    @Test func aKernelComputesWithItsArguments() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let (x, y) = (try DeviceMemory(byteCount: 16, on: context), try DeviceMemory(byteCount: 16, on: context))
        try [Float(1), 2, 3, 4].withUnsafeBytes { try stream.upload($0, to: x) }
        try [Float(10), 20, 30, 40].withUnsafeBytes { try stream.upload($0, to: y) }
        let module = try CUDAModule(saxpyPTX.utf8, named: "saxpy.ptx", on: context)
        #expect(module.log == "info: 3 entries")
        let kernel = try module.function(named: "saxpy")
        #expect(kernel.parameterSizes == [8, 8, 4, 4])
        var arguments = KernelArguments()
        arguments.append(x, offset: 4)
        arguments.append(y)
        arguments.append(Float(2))
        arguments.append(UInt32(3))
        try kernel.launch(KernelLaunch(grid: .init(1), block: .init(32)), arguments: arguments, on: stream)
        #expect(try y.floats(through: stream) == [14, 26, 38, 40])
    }

    @Test func launchesAreCapturedWithTheirArguments() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let y = try DeviceMemory(byteCount: 4, on: context)
        try [Float(1)].withUnsafeBytes { try stream.upload($0, to: y) }
        let kernel = try CUDAModule(saxpyPTX.utf8, named: "saxpy.ptx", on: context).function(named: "saxpy")
        let graph = try stream.capture { () throws(CUDAError) in
            var arguments = KernelArguments()
            arguments.append(y)
            arguments.append(y)
            arguments.append(Float(1))
            arguments.append(UInt32(1))
            try kernel.launch(KernelLaunch(grid: .init(1), block: .init(1)), arguments: arguments, on: stream)
        }
        let executable = try graph.instantiate()
        for _ in 0..<3 { try executable.launch(on: stream) }
        #expect(try y.floats(through: stream) == [8])
    }

    @Test func argumentsThatAreNotTheKernelsAreRefused() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let kernel = try CUDAModule(saxpyPTX.utf8, named: "saxpy.ptx", on: context).function(named: "saxpy")
        let stream = try CUDAStream(on: context)
        var arguments = KernelArguments()
        arguments.append(UInt64(0))
        let launch = KernelLaunch(grid: .init(1), block: .init(1))
        let error = try #require(try failure { try kernel.launch(launch, arguments: arguments, on: stream) })
        #expect(error.code == .invalidArgument)
        #expect(error.description.contains("takes parameters of [8, 8, 4, 4] bytes but was given [8]"))
        #expect(try !fake.log().contains("cuLaunchKernel"))
    }

    @Test func attributesOfALaunchReachTheDriver() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let kernel = try CUDAModule(saxpyPTX.utf8, named: "test", on: context).function(named: "fault")
        let stream = try CUDAStream(on: context)
        try kernel.set(.maxDynamicSharedMemory, to: 200_000)
        #expect(try kernel.value(of: .maxDynamicSharedMemory) == 200_000)
        let launch = KernelLaunch(
            grid: .init(4, 2), block: .init(64), cluster: .init(2, 1, 1), dynamicSharedMemory: 150_000,
            overlapsPredecessor: true, isCooperative: true)
        try kernel.launch(launch, arguments: .init(), on: stream)
        let seen = try fake.lastLaunch()
        #expect(seen.cluster == [2, 1, 1])
        #expect(seen.dynamicShared == 150_000)
        #expect(seen.overlaps == 1)
        #expect(seen.cooperative == 1)
        #expect(try kernel.maxActiveClusters(of: launch) == 66)
        #expect(try kernel.blocksPerMultiprocessor(threadsPerBlock: 256) == 8)
        #expect(try kernel.blocksPerMultiprocessor(threadsPerBlock: 256, dynamicSharedMemory: 200_001) == 0)
    }

    @Test(arguments: [
        KernelLaunch(grid: .init(0), block: .init(1)), KernelLaunch(grid: .init(1), block: .init(1, -1)),
        KernelLaunch(grid: .init(Int.max), block: .init(1)),
        KernelLaunch(grid: .init(1), block: .init(1), dynamicSharedMemory: -1),
        KernelLaunch(grid: .init(1), block: .init(1025)),
        KernelLaunch(grid: .init(3), block: .init(1), cluster: .init(2)),
    ])
    func impossibleLaunchesAreRefused(launch: KernelLaunch) throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let kernel = try CUDAModule(saxpyPTX.utf8, named: "test", on: context).function(named: "fault")
        let stream = try CUDAStream(on: context)
        #expect(try failure { try kernel.launch(launch, arguments: .init(), on: stream) }?.code == .invalidArgument)
    }

    @Test func badModulesAndNamesAreNamed() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let rejected = try #require(
            try failure { _ = try CUDAModule("nonsense".utf8, named: "stem.ptx", on: context) })
        #expect(rejected.code == .moduleRejected)
        #expect(rejected.description.contains("stem.ptx (ptxas fatal: the double found no entry)"))
        #expect(try failure { _ = try CUDAModule([UInt8](), named: "none", on: context) }?.code == .invalidArgument)
        let module = try CUDAModule(saxpyPTX.utf8, named: "test", on: context)
        let unknown = try #require(try failure { _ = try module.function(named: "conv") })
        #expect(unknown.code == .moduleRejected)
        #expect(unknown.description.contains("no kernel `conv`"))
        #expect(try failure { _ = try module.global(named: "table") }?.code == .moduleRejected)
    }

    @Test func aKernelThatFaultsBreaksTheContextForGood() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let kernel = try CUDAModule(saxpyPTX.utf8, named: "test", on: context).function(named: "fault")
        try kernel.launch(KernelLaunch(grid: .init(1), block: .init(1)), arguments: .init(), on: stream)
        #expect(context.lostError == nil)
        let error = try #require(try failure { try stream.synchronize() })
        #expect(error.code == .deviceLost)
        #expect(error.isSticky)
        #expect(error.description.contains("CUDA_ERROR_ILLEGAL_ADDRESS"))
        #expect(error.description.contains("restart the process"))
        #expect(try failure { _ = try DeviceMemory(byteCount: 4, on: context) }?.code == .deviceLost)
        #expect(context.lostError == error)
    }

    @Test func aTensorMapIsEncodedAndPassedAligned() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let memory = try DeviceMemory(byteCount: 4096, on: context)
        let layout = TensorMap.Layout(
            elementType: .float16, extents: [64, 8], strides: [128], box: [64, 4], swizzle: .bytes128,
            l2Promotion: .bytes256)
        var arguments = KernelArguments()
        arguments.append(UInt8(1))
        arguments.append(try TensorMap(layout, of: memory, offset: 1024))
        #expect(arguments.bytes[64..<192].count == 128)
        let words = arguments.bytes[64...].withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
        #expect(words[0] == memory.address + 1024)
        #expect(words[1] == 6 | 2 << 8 | 3 << 16 | 3 << 24)
        #expect(Array(words[2..<4]) == [64, 8])
        #expect(words[7] == 128)
        #expect(Array(words[11..<13]) == [64 | 1 << 32, 4 | 1 << 32])
        var wide = layout
        wide.box = [64, 257]
        #expect(try failure { _ = try TensorMap(wide, of: memory) }?.code == .invalidArgument)
        wide.box = [64]
        #expect(try failure { _ = try TensorMap(wide, of: memory) }?.code == .invalidArgument)
        #expect(try failure { _ = try TensorMap(layout, of: memory, offset: 4096) }?.code == .invalidArgument)
    }
}
