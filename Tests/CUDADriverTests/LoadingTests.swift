import CUDADriver
import NativeLibraries
import Testing

@Suite(.enabled(if: DoubleLibrary.obstacle == nil, "needs a C++ compiler"))
struct LoadingTests {
    @Test func aMachineWithoutDriverIsToldWhatToInstall() throws {
        let error = try #require(
            try failure { _ = try CUDADriver(search: .cuda(path: "/nowhere/libcuda.so.1", source: "the test")) })
        #expect(error.code == .libraryUnavailable)
        #expect(error.description.contains("/nowhere/libcuda.so.1"))
        #expect(error.description.contains("NVIDIA driver 470 or newer"))
    }

    @Test func aLibraryThatIsNotTheDriverIsRefused() throws {
        let error = try #require(
            try failure {
                _ = try CUDADriver(search: .cuda(path: "/lib/x86_64-linux-gnu/libm.so.6", source: "the test"))
            })
        #expect(error.code == .libraryUnavailable)
        #expect(error.description.contains("libm.so.6"))
    }

    @Test func theVersionIsTheDrivers() throws {
        let fake = try FakeCUDA()
        #expect(try fake.driver().version == CUDAVersion(12, 8))
        #expect(try fake.driver().path == fake.path)
    }

    @Test func aDriverOlderThanTheMinimumIsNamed() throws {
        let fake = try FakeCUDA()
        try fake.set(version: 11020)
        let error = try #require(try failure { _ = try fake.driver() })
        #expect(error.code == .driverTooOld)
        #expect(error.description.contains("CUDA 11.2"))
        #expect(error.description.contains("NVIDIA driver 470 or newer (CUDA 11.4)"))
    }

    @Test func aMissingRequiredFunctionIsNamed() throws {
        let fake = try FakeCUDA(["-DcuGraphInstantiateWithFlags=hidden"])
        let error = try #require(try failure { _ = try fake.driver() })
        #expect(error.code == .libraryUnavailable)
        #expect(error.call == "cuGraphInstantiateWithFlags")
        #expect(error.description.contains("CUDA 11.4"))
    }

    @Test func functionsThatAreNotExportedAreAskedFor() throws {
        let fake = try FakeCUDA([
            "-DFAKE_CUDA_PROC_ADDRESS", "-DcuStreamQuery=hidden_query", "-DcuMemHostAlloc=hidden_alloc",
        ])
        let context = try fake.context()
        #expect(try CUDAStream(on: context).isDone())
        #expect(try PinnedMemory(byteCount: 16, on: context).byteCount == 16)
        #expect(try Set(["hidden_query", "hidden_alloc"]).isSubset(of: fake.log()))
    }

    @Test func aFunctionNewerThanTheDriverIsMissedWhenItIsUsed() throws {
        let fake = try FakeCUDA(["-DcuLaunchKernelEx=hidden_launch", "-DcuFuncGetParamInfo=hidden_info"])
        try fake.set(version: 11040)
        let context = try fake.context()
        #expect(!context.device.supportsClusters)
        let kernel = try CUDAModule(saxpyPTX.utf8, named: "test", on: context).function(named: "fault")
        #expect(kernel.parameterSizes == nil)
        let launch = KernelLaunch(grid: .init(2), block: .init(32), cluster: .init(2))
        let error = try #require(
            try failure { try kernel.launch(launch, arguments: .init(), on: CUDAStream(on: context)) })
        #expect(error.code == .unsupported)
        #expect(error.description.contains("cuLaunchKernelEx"))
        #expect(error.description.contains("NVIDIA driver 510 or newer"))
    }

    @Test(arguments: [
        (Int32(100), CUDAError.Code.noDevice, "--gpus all"), (803, .driverFailed, "reboot"),
        (804, .driverFailed, "forward compatibility"), (34, .driverFailed, "stubs"), (999, .callFailed, "nvidia-smi"),
    ])
    func aDriverThatDoesNotStartSaysWhatHelps(result: Int32, code: CUDAError.Code, hint: String) throws {
        let fake = try FakeCUDA()
        try fake.fail("cuInit", with: result)
        let error = try #require(try failure { _ = try fake.driver() })
        #expect(error.code == code)
        #expect(error.call == "cuInit")
        #expect(error.result == result)
        #expect(error.description.contains(hint))
        #expect(!error.description.contains("\n"))
    }

    @Test func aDriverServesLibrariesOfItsMajorVersionAndOlderOnes() throws {
        let driver = try FakeCUDA().driver()
        try driver.require(CUDAVersion(11, 8), for: "TensorRT 8.6")
        try driver.require(CUDAVersion(12, 9), for: "TensorRT 10.16")
        let error = try #require(try failure { try driver.require(CUDAVersion(13, 1), for: "TensorRT 11.4.0") })
        #expect(error.code == .driverTooOld)
        #expect(error.description.contains("TensorRT 11.4.0 is built for CUDA 13.1"))
        #expect(error.description.contains("NVIDIA driver 580 or newer (CUDA 13.0)"))
    }
}
