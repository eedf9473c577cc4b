import Foundation
import Logging
import ONNXModel
import Synchronization
import Testing

@testable import TensorRT

/// TensorRT-RTX itself, as far as it works without a GPU: everything up to the plan.
@Suite(.enabled(if: TestFiles.hasRTX, TestFiles.rtxMissing), .serialized)
struct RealTensorRTRTXTests {
    static let profiles = [
        BatchProfile(minimum: 1, optimum: 1, maximum: 1), BatchProfile(minimum: 1, optimum: 8, maximum: 32),
    ]
    let log = RecordedLog(level: .debug)

    func library() throws -> TensorRTLibrary {
        try TensorRTLibrary.load(.tensorRTRTX(path: TestFiles.rtxFolder, source: "the test"), logger: log.logger)
    }

    func build(
        _ model: [UInt8] = TestModels.tiny(), options change: (inout BuildOptions) -> Void = { _ in },
        progress: BuildProgressHandler? = nil
    ) throws -> BuiltEngine {
        var options = BuildOptions(profiles: Self.profiles)
        change(&options)
        return try TensorRTBuilder(try library(), driver: .unavailable("not looked at"))
            .build(.bytes(model), options: options, progress: progress)
    }

    @Test func itIsRecognised() throws {
        let library = try library()
        #expect(library.name == "TensorRT-RTX 1.7.1")
        #expect(library.path.hasSuffix("libtensorrt_rtx.so.1.7.1"))
    }

    @Test func aSmallNetworkBuilds() throws {
        let built = try build()
        #expect(built.plan.count > 10_000)
        #expect(built.inputs == [.init(name: "faces", elementType: .uint8, shape: [-1, 112, 112, 3])])
        #expect(built.outputs == [.init(name: "embedding", elementType: .float, shape: [-1, 16])])
        #expect(built.layerCount >= 6)
        #expect(built.buildDuration > .zero)
    }

    @Test(.enabled(if: TestFiles.hasSFace, TestFiles.sfaceMissing))
    func aRealFaceNetworkBuilds() throws {
        let model = try FaceModel.prepare(path: TestFiles.sface, preprocessing: nil, target: .portable)
        let built = try build(model.serialized())
        #expect(built.outputs.first?.shape == [-1, 128])
        #expect(built.inputs.first?.elementType == .uint8)
        // SFace has 9.7 million parameters; a plan holds them in some form, once.
        #expect((9_000_000...60_000_000).contains(built.plan.count))
    }

    @Test func aBrokenGraphIsRefusedWithItsNode() throws {
        let error = #expect(throws: TensorRTError.self) { try build(TestModels.broken()) }
        #expect(error?.code == .modelRefused)
        #expect(error?.parserErrors.contains { $0.nodeName == "the_bad_one" && $0.operation == "Broken" } == true)
        #expect(error?.parserErrors.first?.nodeIndex == 0)
        #expect(error?.description.contains("the_bad_one") == true)
    }

    @Test(arguments: [[], [1, 2, 3], [UInt8](repeating: 200, count: 5000)] as [[UInt8]])
    func bytesThatAreNoModelAreRefused(_ bytes: [UInt8]) throws {
        let error = #expect(throws: TensorRTError.self) { try build(bytes) }
        #expect(error?.code == .modelRefused)
    }

    @Test func progressIsToldAndABuildCanBeCancelled() throws {
        let seen = Mutex<[BuildProgress]>([])
        _ = try build(progress: { progress in
            seen.withLock { $0.append(progress) }
            return true
        })
        let all = seen.withLock { $0 }
        #expect(!all.isEmpty)
        #expect(all.allSatisfy { $0.step >= 0 && $0.steps >= 0 && !$0.phase.isEmpty })

        let error = #expect(throws: TensorRTError.self) { try build(progress: { $0.step == 0 }) }
        #expect(error?.code == .cancelled)
    }

    @Test(arguments: [[75], [86, 89], [120]])
    func computeCapabilitiesCanBeChosen(_ capabilities: [Int]) throws {
        let built = try build { $0.computeCapabilities = capabilities }
        #expect(built.plan.count > 10_000)
    }

    @Test func aComputeCapabilityThatItDoesNotSupportIsRefused() throws {
        let error = #expect(throws: TensorRTError.self) { try build { $0.computeCapabilities = [90] } }
        #expect(error?.code == .unsupportedOption)
        #expect(error?.description.contains("Compute capability is invalid or not supported") == true)
        #expect(error?.mend.contains("120") == true)
    }

    @Test func theTimingCacheCanBeGivenAgain() throws {
        let first = try build()
        let second = try build { $0.timingCache = first.timingCache }
        #expect(second.plan.count > 10_000)
        #expect(second.usedTimingCache == !first.timingCache.isEmpty)
    }

    @Test func settingsAreTaken() throws {
        let built = try build {
            $0.workspaceByteCount = 256 << 20
            $0.optimizationLevel = 2
            $0.maxThreads = 1
            $0.profilingVerbosity = .layerNames
        }
        #expect(built.plan.count > 10_000)
    }

    @Test func withoutAGPUAnEngineIsNotLoaded() throws {
        guard case .unavailable = DriverState.current() else { return }
        let error = #expect(throws: TensorRTError.self) { try TensorRTRuntime(try library()) }
        #expect(error?.code == .deviceUnavailable)
        #expect(error?.description.contains("libcuda.so.1") == true)
    }

    @Test func aPlanThatCannotBeLoadedIsAnErrorWithTensorRTsWords() throws {
        guard case .unavailable = DriverState.current() else { return }
        let plan = try build().plan
        // A driver is claimed that isn't there: TensorRT itself has to notice.
        let runtime = try TensorRTRuntime(try library(), driver: .present(cudaVersion: 12_040, devices: 1))
        let error = #expect(throws: TensorRTError.self) { try runtime.deserialize(plan) }
        #expect(error?.code == .driverTooOld)
        #expect(error?.description.contains("cudaError 35") == true)
    }
}
