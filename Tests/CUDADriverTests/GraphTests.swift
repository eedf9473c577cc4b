import CUDADriver
import Testing

@Suite(.enabled(if: DoubleLibrary.obstacle == nil, "needs a C++ compiler"))
struct GraphTests {
    /// A stream with a buffer that goes to the GPU, is filled in part, and comes back.
    struct Bench {
        let fake: FakeCUDA
        let context: CUDAContext
        let stream: CUDAStream
        let host: PinnedMemory
        let device: DeviceMemory
        let result: PinnedMemory

        init() throws {
            fake = try FakeCUDA()
            context = try fake.context()
            stream = try CUDAStream(on: context)
            host = try PinnedMemory(byteCount: 4, on: context)
            device = try DeviceMemory(byteCount: 4, on: context)
            result = try PinnedMemory(byteCount: 4, on: context)
        }

        func enqueue(fill value: UInt8) throws(CUDAError) {
            try stream.copy(4, from: host, to: device)
            try stream.fill(device, at: 3, byteCount: 1, with: value)
            try stream.copy(4, from: device, to: result)
        }
    }

    @Test func aCapturedGraphRunsAtEachLaunchOnly() throws {
        let bench = try Bench()
        let graph = try bench.stream.capture { () throws(CUDAError) in
            #expect(try bench.stream.isCapturing())
            try bench.enqueue(fill: 9)
        }
        #expect(try !bench.stream.isCapturing())
        #expect(try graph.nodeCount() == 3)
        try bench.stream.synchronize()
        #expect(bench.result.bytes[0] == 0xCD)
        let executable = try graph.instantiate()
        try executable.upload(on: bench.stream)
        for round in 1...3 as ClosedRange<UInt8> {
            bench.host.bytes.copyBytes(from: [round, round, round, round])
            try executable.launch(on: bench.stream)
            try bench.stream.synchronize()
            #expect(Array(bench.result.bytes) == [round, round, round, 9])
        }
    }

    @Test func anExecutableOutlivesItsGraphAndKeepsItsBuffers() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let result = try PinnedMemory(byteCount: 4, on: context)
        var executable: CUDAGraphExecutable?
        do {
            let memory = try DeviceMemory(byteCount: 4, on: context)
            let graph = try stream.capture { () throws(CUDAError) in
                try stream.fill(memory, byteCount: 4, with: 3)
                try stream.copy(4, from: memory, to: result)
            }
            executable = try graph.instantiate(keeping: [memory])
        }
        #expect(try fake.live("graph") == 0)
        #expect(try fake.live("device") == 1)
        try executable?.launch(on: stream)
        try stream.synchronize()
        #expect(result.bytes[3] == 3)
        executable = nil
        #expect(try fake.live("executable") == 0)
        #expect(try fake.live("device") == 0)
    }

    @Test func anEqualGraphUpdatesAndAnotherDoesNot() throws {
        let bench = try Bench()
        let executable = try bench.stream.capture { () throws(CUDAError) in try bench.enqueue(fill: 1) }.instantiate()
        let equal = try bench.stream.capture { () throws(CUDAError) in try bench.enqueue(fill: 2) }
        let other = try bench.stream.capture { () throws(CUDAError) in
            try bench.stream.fill(bench.device, byteCount: 4, with: 0)
        }
        #expect(try executable.update(from: equal))
        #expect(try !executable.update(from: other))
        try executable.launch(on: bench.stream)
        try bench.stream.synchronize()
        #expect(bench.result.bytes[3] == 2)
    }

    @Test func workOfStreamsThatForkAndJoinIsCapturedToo() throws {
        let bench = try Bench()
        let side = try CUDAStream(on: bench.context)
        let (fork, join) = (try CUDAEvent(on: bench.context), try CUDAEvent(on: bench.context))
        let graph = try bench.stream.capture { () throws(CUDAError) in
            try fork.record(on: bench.stream)
            try side.wait(for: fork)
            try side.fill(bench.device, byteCount: 4, with: 8)
            try join.record(on: side)
            try bench.stream.wait(for: join)
            try bench.stream.copy(4, from: bench.device, to: bench.result)
        }
        #expect(try graph.nodeCount() == 2)
        try graph.instantiate().launch(on: bench.stream)
        try bench.stream.synchronize()
        #expect(bench.result.bytes[0] == 8)

        let unjoined = try failure {
            _ = try bench.stream.capture { () throws(CUDAError) in
                try fork.record(on: bench.stream)
                try side.wait(for: fork)
                try side.fill(bench.device, byteCount: 4, with: 8)
            }
        }
        #expect(unjoined?.code == .captureFailed)
        #expect(try !side.isCapturing())
    }

    @Test func waitingDuringACaptureFailsAndEndsIt() throws {
        let bench = try Bench()
        let error = try #require(
            try failure {
                _ = try bench.stream.capture { () throws(CUDAError) in
                    try bench.enqueue(fill: 1)
                    try bench.stream.synchronize()
                }
            })
        #expect(error.code == .captureFailed)
        #expect(error.call == "cuStreamSynchronize")
        #expect(try !bench.stream.isCapturing())
        #expect(try bench.fake.live("graph") == 0)
        try bench.enqueue(fill: 4)
        try bench.stream.synchronize()
        #expect(bench.result.bytes[3] == 4)
    }

    @Test func aBodyThatGivesUpLeavesNothingBehind() throws {
        struct GaveUp: Error {}
        let bench = try Bench()
        #expect(throws: GaveUp.self) {
            try bench.stream.capture(wrapping: { _ in GaveUp() }) { () throws(GaveUp) in throw GaveUp() }
        }
        #expect(try !bench.stream.isCapturing())
        #expect(try bench.fake.live("graph") == 0)
        #expect(bench.context.driver.unthrownErrors.isEmpty)
    }

    @Test func allocatingDuringACaptureIsForbiddenButFreeingIsDone() throws {
        let bench = try Bench()
        var spare: DeviceMemory? = try DeviceMemory(byteCount: 16, on: bench.context)
        let graph = try bench.stream.capture { () throws(CUDAError) in
            try bench.enqueue(fill: 1)
            spare = nil
        }
        #expect(spare == nil)
        #expect(try graph.nodeCount() == 3)
        #expect(try bench.fake.live("device") == 1)
        #expect(bench.context.driver.unthrownErrors.isEmpty)
        let error = try failure {
            _ = try bench.stream.capture { () throws(CUDAError) in
                _ = try DeviceMemory(byteCount: 16, on: bench.context)
            }
        }
        #expect(error?.code == .captureFailed)
        _ = try bench.stream.capture(mode: .relaxed) { () throws(CUDAError) in
            _ = try DeviceMemory(byteCount: 16, on: bench.context)
        }
        #expect(try bench.fake.live("device") == 1)
    }
}
