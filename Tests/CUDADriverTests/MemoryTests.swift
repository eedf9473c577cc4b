import CUDADriver
import Foundation
import NativeLibraries
import Testing

@Suite(.enabled(if: DoubleLibrary.obstacle == nil, "needs a C++ compiler"))
struct MemoryTests {
    @Test func copiesRunInOrderAndOnlyOnceSomeoneWaits() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let source = try PinnedMemory(byteCount: 8, on: context)
        let target = try PinnedMemory(byteCount: 8, on: context)
        let (first, second) = (try DeviceMemory(byteCount: 8, on: context), try DeviceMemory(byteCount: 8, on: context))
        source.bytes.copyBytes(from: 1...8)
        try stream.copy(8, from: source, to: first)
        try stream.copy(8, from: first, to: second)
        try stream.fill(second, at: 2, byteCount: 3, with: 0)
        try stream.copy(8, from: second, to: target)
        #expect(Array(target.bytes) == [UInt8](repeating: 0xCD, count: 8))
        try stream.synchronize()
        #expect(Array(target.bytes) == [1, 2, 0, 0, 0, 6, 7, 8])
    }

    @Test func offsetsReachIntoBothSides() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let host = try PinnedMemory(byteCount: 8, on: context)
        let device = try DeviceMemory(byteCount: 8, on: context)
        host.bytes.copyBytes(from: 1...8)
        try stream.fill(device, byteCount: 8, with: 9)
        try stream.copy(2, from: host, sourceOffset: 4, to: device, targetOffset: 1)
        try stream.copy(3, from: device, sourceOffset: 1, to: device, targetOffset: 5)
        try stream.copy(6, from: device, sourceOffset: 2, to: host, targetOffset: 1)
        try stream.synchronize()
        #expect(Array(host.bytes) == [1, 6, 9, 9, 5, 6, 9, 8])
    }

    @Test func ordinaryMemoryIsCopiedBeforeTheCallReturns() throws {
        let context = try FakeCUDA().context()
        let stream = try CUDAStream(on: context)
        let memory = try DeviceMemory(byteCount: 12, on: context)
        try [Float(1), 2, 3].withUnsafeBytes { try stream.upload($0, to: memory) }
        #expect(try memory.floats(through: stream) == [1, 2, 3])
    }

    @Test(arguments: [(-1, 4), (0, -1), (0, 9), (5, 4), (9, 0), (Int.max, 1), (1, Int.max)])
    func rangesOutsideTheMemoryAreRefused(offset: Int, count: Int) throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let host = try PinnedMemory(byteCount: 8, on: context)
        let device = try DeviceMemory(byteCount: 8, on: context)
        let wide = try DeviceMemory(byteCount: 64, on: context)
        let attempts: [() throws -> Void] = [
            { try stream.copy(count, from: host, sourceOffset: offset, to: wide) },
            { try stream.copy(count, from: wide, to: host, targetOffset: offset) },
            { try stream.copy(count, from: device, sourceOffset: offset, to: wide) },
            { try stream.copy(count, from: wide, to: device, targetOffset: offset) },
            { try stream.fill(device, at: offset, byteCount: count, with: 0) },
        ]
        for attempt in attempts { #expect(try failure(attempt)?.code == .invalidArgument) }
        #expect(try fake.misuse().isEmpty)
    }

    @Test func emptyCopiesAreNothing() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let device = try DeviceMemory(byteCount: 8, on: context)
        try fake.reset()
        try stream.copy(0, from: device, sourceOffset: 8, to: device)
        try stream.upload(UnsafeRawBufferPointer(start: nil, count: 0), to: device)
        #expect(try fake.log().isEmpty)
        #expect(try failure { _ = try DeviceMemory(byteCount: 0, on: context) }?.code == .invalidArgument)
        #expect(try failure { _ = try PinnedMemory(byteCount: -1, on: context) }?.code == .invalidArgument)
    }

    @Test func memoryOfAnotherGPUIsRefused() throws {
        let fake = try FakeCUDA()
        let stream = try CUDAStream(on: fake.context(0))
        let other = try DeviceMemory(byteCount: 8, on: fake.context(1))
        let error = try #require(try failure { try stream.fill(other, byteCount: 8, with: 0) })
        #expect(error.code == .invalidArgument)
        #expect(error.description.contains("GPU 1 (Fake GPU B)"))
    }

    @Test func memoryIsFreedAfterTheWorkThatUsesIt() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let stream = try CUDAStream(on: context)
        let target = try PinnedMemory(byteCount: 8, on: context)
        do {
            let memory = try DeviceMemory(byteCount: 8, on: context)
            try stream.fill(memory, byteCount: 8, with: 7)
            try stream.copy(8, from: memory, to: target)
        }
        #expect(try fake.live("device") == 0)
        try stream.synchronize()
        #expect(Array(target.bytes) == [UInt8](repeating: 7, count: 8))
    }

    @Test func clocksAreToldWhereTheLibraryKnowsThem() throws {
        let fake = try FakeCUDA()
        let nvml = try DoubleLibrary(name: "nvml", fileName: "libnvidia-ml.so.1").build().path()
        let driver = try fake.driver(nvml: nvml)
        let library = try #require(driver.managementLibrary)
        let first = try library.condition(of: try driver.device(0))
        #expect(
            first
                == GPUCondition(clock: 1755, maximumClock: 1980, memoryClock: 2619, usedMemory: 7 << 30))
        let second = try library.condition(of: try driver.device(1))
        #expect(second == GPUCondition(usedMemory: 7 << 30))
        var unknown = try driver.device(0)
        unknown.pciBusID = "0000:FF:00.0"
        let error = try #require(try failure { _ = try library.condition(of: unknown) })
        #expect(error.description.contains("can't tell the clocks of GPU 0"))
    }

    @Test func outOfMemoryNamesSizesAndHolders() throws {
        let fake = try FakeCUDA()
        try fake.set(memory: 100 << 20)
        let nvml = try DoubleLibrary(name: "nvml", fileName: "libnvidia-ml.so.1").build().path()
        let driver = try fake.driver(nvml: nvml)
        let context = try CUDAContext(on: try driver.device(0), of: driver)
        let small = try DeviceMemory(byteCount: 60 << 20, on: context)
        let error = try #require(try failure { _ = try DeviceMemory(byteCount: 50 << 20, on: context) })
        #expect(error.code == .outOfMemory)
        #expect(error.resultName == "CUDA_ERROR_OUT_OF_MEMORY")
        #expect(error.description.contains("can't allocate 50.0 MiB of GPU memory (40.0 MiB of 100.0 MiB are free)"))
        #expect(error.description.contains("held by a process (pid 2147483633, 5.0 GiB)"))
        #expect(error.description.contains("(pid 1, 2.0 GiB), a process (pid 2147483634)"))
        #expect(error.description.contains("smaller batch"))
        #expect(try context.memory().free == (40 << 20))
        withExtendedLifetime(small) {}
    }

    @Test func outOfMemoryIsNamedWithoutTheManagementLibraryToo() throws {
        let fake = try FakeCUDA()
        let context = try fake.context()
        let error = try #require(try failure { _ = try DeviceMemory(byteCount: 3 << 30, on: context) })
        #expect(error.code == .outOfMemory)
        #expect(error.description.contains("can't allocate 3.0 GiB of GPU memory (1.0 GiB of 1.0 GiB are free):"))
        #expect(context.memoryHolders().isEmpty)
    }

    @Test(arguments: [
        (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (2047, "1.9 KiB"),
        (1 << 20, "1.0 MiB"), (3 << 29, "1.5 GiB"), (1 << 40, "1.0 TiB"), (Int.max, "8388607.9 TiB"),
    ])
    func sizesAreReadable(bytes: Int, text: String) {
        #expect(ByteSize(bytes).description == text)
    }
}
