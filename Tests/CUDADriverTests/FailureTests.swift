import CUDADriver
import Testing

/// Everything that the room can do, once, with each call of the driver made to fail in turn.
@Suite(.enabled(if: DoubleLibrary.obstacle == nil, "needs a C++ compiler"), .timeLimit(.minutes(2)))
struct FailureTests {
    /// Calls that free something or restore the thread: there is nobody to throw to.
    static let quiet: Set<String> = [
        "cuDevicePrimaryCtxRelease_v2", "cuMemFree_v2", "cuMemFreeHost", "cuStreamDestroy_v2", "cuEventDestroy_v2",
        "cuGraphDestroy", "cuGraphExecDestroy", "cuModuleUnload", "cuThreadExchangeStreamCaptureMode",
    ]

    @Test func everyCallThatFailsIsNamedAndNothingLeaks() throws {
        let fake = try FakeCUDA()
        _ = try fake.driver()
        try fake.reset()
        _ = try Self.useEverything(fake)
        let log = try fake.log()
        #expect(try fake.live() == 0)
        #expect(try fake.misuse().isEmpty)
        #expect(log.count > 150)

        var occurrences: [String: Int] = [:]
        for function in log {
            let occurrence = occurrences[function, default: 0]
            occurrences[function] = occurrence + 1
            try Self.check(failing: function, after: occurrence)
        }
        #expect(occurrences.count > 45)
    }

    private static func check(failing function: String, after skipped: Int) throws {
        // What is left behind by one case must not disturb the next.
        let fake = try FakeCUDA()
        _ = try fake.driver()
        try fake.fail(function, after: skipped, with: 999)
        let place: Comment = "\(function), call \(skipped + 1)"
        var unthrown: [CUDAError] = []
        let error = try failure { unthrown = try useEverything(fake) }
        if let error {
            #expect(error.call == function, place)
            #expect(error.result == 999, place)
            #expect(error.description.contains("CUDA_ERROR_UNKNOWN"), place)
        } else {
            // Failures on the way of freeing or restoring show in the driver's list.
            #expect(unthrown.contains { $0.call == function }, place)
        }
        // Only what itself refused to be freed may be left, and a context that refused to be left.
        let left = try fake.live()
        let canLeak = quiet.contains(function) || error == nil
        #expect(canLeak ? left <= 1 : left == 0, place)
        if function != "cuCtxPopCurrent_v2" { #expect(try fake.contextDepth() == 0, place) }
        if !canLeak { #expect(try fake.misuse() == "", place) }
    }

    /// Gives the errors that couldn't be thrown.
    private static func useEverything(_ fake: FakeCUDA) throws -> [CUDAError] {
        let driver = try fake.driver()
        try useEverything(on: driver)
        return driver.unthrownErrors
    }

    private static func useEverything(on driver: CUDADriver) throws(CUDAError) {
        let device = try driver.devices()[0]
        let context = try CUDAContext(on: device, of: driver)
        let stream = try CUDAStream(on: context, priority: .high)
        let side = try CUDAStream(on: context)
        let host = try PinnedMemory(byteCount: 16, on: context)
        let (x, y) = (try DeviceMemory(byteCount: 16, on: context), try DeviceMemory(byteCount: 16, on: context))
        let start = try CUDAEvent(on: context, measuresTime: true)
        let end = try CUDAEvent(on: context, measuresTime: true)
        _ = try context.memory()
        try start.record(on: stream)
        try stream.fill(x, byteCount: 16, with: 0)
        try stream.copy(16, from: host, to: y)
        try end.record(on: stream)
        try side.wait(for: end)
        _ = try side.isDone()
        try end.synchronize()
        _ = try end.isReached()
        _ = try end.milliseconds(since: start)

        let module = try CUDAModule(saxpyPTX.utf8, named: "saxpy.ptx", on: context)
        let kernel = try module.function(named: "saxpy")
        try kernel.set(.maxDynamicSharedMemory, to: 64 << 10)
        _ = try kernel.value(of: .registerCount)
        _ = try kernel.blocksPerMultiprocessor(threadsPerBlock: 32)
        let clustered = KernelLaunch(grid: .init(2), block: .init(32), cluster: .init(2))
        _ = try kernel.maxActiveClusters(of: clustered)
        var arguments = KernelArguments()
        arguments.append(x)
        arguments.append(y)
        arguments.append(Float(1))
        arguments.append(UInt32(4))
        try kernel.launch(KernelLaunch(grid: .init(1), block: .init(32)), arguments: arguments, on: stream)
        try kernel.launch(clustered, arguments: arguments, on: stream)
        _ = try TensorMap(
            .init(elementType: .uint8, extents: [16], strides: [], box: [16]), of: x)

        func work() throws(CUDAError) -> CUDAGraph {
            try stream.capture { () throws(CUDAError) in
                try stream.copy(16, from: x, to: y)
                try stream.copy(16, from: y, to: host)
            }
        }
        let graph = try work()
        _ = try graph.nodeCount()
        let executable = try graph.instantiate(keeping: [x, y, host])
        _ = try executable.update(from: try work())
        try executable.upload(on: stream)
        try executable.launch(on: stream)
        try stream.synchronize()
        try context.synchronize()
    }
}
