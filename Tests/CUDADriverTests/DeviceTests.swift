import CUDADriver
import NativeLibraries
import Testing

@Suite(.enabled(if: DoubleLibrary.obstacle == nil, "needs a C++ compiler"))
struct DeviceTests {
    @Test func devicesAreDescribed() throws {
        let devices = try FakeCUDA().driver().devices()
        #expect(devices.map(\.name) == ["Fake GPU A", "Fake GPU B"])
        let second = devices[1]
        #expect(second.description == "GPU 1 (Fake GPU B)")
        #expect(second.computeCapability == ComputeCapability(9, 0))
        #expect(second.computeCapability.smName == "sm90")
        #expect(second.totalMemory == 1 << 30)
        #expect(second.uuid == "GPU-01112131-4151-6171-8191-a1b1c1d1e1f1")
        #expect(second.pciBusID == "0000:1C:00.0")
        #expect(second.multiprocessorCount == 132)
        #expect(second.maxSharedMemoryPerBlock == 232448)
        #expect(second.sharedMemoryPerMultiprocessor == 233472)
        #expect(second.l2CacheSize == 50 << 20)
        #expect(second.supportsClusters)
        #expect(!second.isIntegrated)
    }

    @Test func aWrongNumberIsToldFromNoDeviceAtAll() throws {
        let fake = try FakeCUDA()
        let driver = try fake.driver()
        #expect(try failure { _ = try driver.device(2) }?.code == .unknownDevice)
        #expect(try failure { _ = try driver.device(-1) }?.code == .unknownDevice)
        try fake.set(devices: 0)
        #expect(try failure { _ = try driver.device(0) }?.code == .noDevice)
    }

    @Test func theContextIsHeldAsLongAsAnythingOnItLives() throws {
        let fake = try FakeCUDA()
        var context: CUDAContext? = try fake.context()
        var stream: CUDAStream? = try CUDAStream(on: #require(context))
        context = nil
        #expect(try fake.live("context") == 1)
        try stream?.synchronize()
        stream = nil
        #expect(try fake.live() == 0)
        #expect(try fake.misuse().isEmpty)
    }

    @Test func whatWasCurrentOnTheThreadIsRestored() throws {
        let fake = try FakeCUDA()
        let first = try fake.context(0)
        let second = try fake.context(1)
        try first.withCurrent { () throws(CUDAError) in
            let memory = try DeviceMemory(byteCount: 8, on: second)
            #expect(memory.byteCount == 8)
            let depth = try? fake.contextDepth()
            #expect(depth == 1)
        }
        #expect(try fake.contextDepth() == 0)
        // Inside, calls on the same context needn't make it current again.
        let pushes = try fake.log().filter { $0 == "cuCtxPushCurrent_v2" }.count
        try first.withCurrent { () throws(CUDAError) in
            try first.synchronize()
            try first.synchronize()
        }
        #expect(try fake.log().filter { $0 == "cuCtxPushCurrent_v2" }.count == pushes + 1)
    }

    @Test func errorsOfTheCallerPassThroughUnchanged() throws {
        struct Mine: Error, Equatable { var text: String }
        let fake = try FakeCUDA()
        let context = try fake.context()
        #expect(throws: Mine(text: "own")) {
            try context.withCurrent(wrapping: { Mine(text: $0.description) }) { () throws(Mine) in
                throw Mine(text: "own")
            }
        }
        #expect(try fake.contextDepth() == 0)
        try fake.fail("cuCtxPushCurrent_v2", with: 999)
        let wrapped = #expect(throws: Mine.self) {
            try context.withCurrent(wrapping: { Mine(text: $0.description) }) { () throws(Mine) in }
        }
        #expect(wrapped?.text.contains("cuCtxPushCurrent_v2 gave CUDA_ERROR_UNKNOWN") == true)
    }
}
