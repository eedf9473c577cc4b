import CUDADriver
import Testing

@Suite(.enabled(if: DoubleLibrary.obstacle == nil, "needs a C++ compiler"))
struct StreamTests {
    @Test func oneStreamWaitsForAnotherThroughAnEvent() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let (first, second) = (try CUDAStream(on: context), try CUDAStream(on: context, priority: .high))
        let memory = try DeviceMemory(byteCount: 4, on: context)
        let (early, late) = (try PinnedMemory(byteCount: 4, on: context), try PinnedMemory(byteCount: 4, on: context))
        let event = try CUDAEvent(on: context)
        try first.fill(memory, byteCount: 4, with: 5)
        try event.record(on: first)
        try second.copy(4, from: memory, to: early)
        try second.synchronize()
        // Without the wait the fill hasn't happened.
        #expect(early.bytes[0] == 0xCD)
        try second.wait(for: event)
        try second.copy(4, from: memory, to: late)
        try second.synchronize()
        #expect(late.bytes[0] == 5)
    }

    @Test func pollingEnds() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let memory = try DeviceMemory(byteCount: 4, on: context)
        let event = try CUDAEvent(on: context, sleepsWhileWaiting: true)
        #expect(try event.isReached())
        try stream.fill(memory, byteCount: 4, with: 1)
        try event.record(on: stream)
        #expect(try !event.isReached())
        #expect(try !stream.isDone())
        while try !event.isReached() {}
        #expect(try stream.isDone())
        try event.synchronize()
    }

    @Test func eventsMeasureTheTimeBetweenThem() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let memory = try DeviceMemory(byteCount: 1 << 20, on: context)
        let host = try PinnedMemory(byteCount: 1 << 20, on: context)
        let start = try CUDAEvent(on: context, measuresTime: true)
        let end = try CUDAEvent(on: context, measuresTime: true)
        try start.record(on: stream)
        try stream.copy(1 << 20, from: host, to: memory)
        try end.record(on: stream)
        try end.synchronize()
        let elapsed = try end.milliseconds(since: start)
        #expect(elapsed > 0.1 && elapsed < 0.2)
        let plain = try CUDAEvent(on: context)
        #expect(try failure { _ = try plain.milliseconds(since: start) }?.code == .invalidArgument)
    }

    @Test(arguments: [CUDAStream.Priority.low, .normal, .high])
    func prioritiesAreWithinTheGPUsRange(priority: CUDAStream.Priority) throws {
        let fake = try FakeCUDA()
        let stream = try CUDAStream(on: fake.context(), priority: priority)
        #expect(try stream.isDone())
    }

    @Test func manyThreadsUseOneContext() async throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let sums = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 1...8 {
                group.addTask {
                    let stream = try CUDAStream(on: context)
                    var sum = 0
                    for round in 0..<50 {
                        let device = try DeviceMemory(byteCount: 64, on: context)
                        let host = try PinnedMemory(byteCount: 64, on: context)
                        let value = UInt8(task * 10 + round % 10)
                        try stream.fill(device, byteCount: 64, with: value)
                        try stream.copy(64, from: device, to: host)
                        try stream.synchronize()
                        sum += host.bytes.reduce(0) { $0 + ($1 == value ? 1 : 0) }
                    }
                    return sum
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(sums == [Int](repeating: 50 * 64, count: 8))
        #expect(try fake.misuse().isEmpty)
        #expect(try fake.live("device") == 0)
        #expect(try fake.live("stream") == 0)
    }
}
