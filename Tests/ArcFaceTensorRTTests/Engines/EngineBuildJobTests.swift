import EngineStore
import Foundation
import NativeLibraries
import TensorRT
import Testing

@testable import ArcFaceTensorRT

/// What a job asks for before anything is built, and what it refuses.
struct EngineBuildJobTests {
    private static let nowhere = NVIDIASearch(tensorRT: .tensorRT(path: "/nowhere/libnvinfer.so.10"))

    private func job(_ options: EngineBuildJob.Options = .init(), largest: Int = 32) -> EngineBuildJob {
        var configuration = ArcFaceConfiguration()
        configuration.tensorRT.maxBatchSize = largest
        return EngineBuildJob(options: options, configuration: configuration)
    }

    @Test(arguments: [(1, [1]), (5, [1, 5]), (8, [1, 8]), (9, [1, 8, 9]), (32, [1, 8, 32])])
    func profilesAreTunedForOneForEightAndForTheLargestBatch(_ largest: Int, _ tuned: [Int]) {
        let facts = job(largest: largest).batchFacts
        #expect(facts.profiles.map(\.opt) == tuned)
        #expect(facts.profiles.allSatisfy { $0.min == 1 && $0.max == $0.opt })
        #expect(facts.largest == largest)
    }

    @Test func theRuntimeIsTheConfiguredOneUnlessItIsNamed() {
        var configuration = ArcFaceConfiguration()
        #expect(EngineBuildJob(configuration: configuration).runtime == .tensorrt)
        configuration.embedding.backend = .tensorRTRTX
        #expect(EngineBuildJob(configuration: configuration).runtime == .tensorrtRTX)
        #expect(EngineBuildJob(options: .init(runtime: .tensorrt), configuration: configuration).runtime == .tensorrt)
    }

    @Test func optionsReachTheManifest() {
        let options = EngineBuildJob.Options(
            optimizationLevel: 5, hardwareCompatibility: .amperePlus, versionCompatible: true,
            computeCapabilities: [120, 86])
        #expect(
            job(options).builderOptions
                == EngineBuilderOptions(
                    workspaceMB: 4096, optimizationLevel: 5, hardwareCompatibility: .amperePlus,
                    versionCompatible: true, computeCapabilities: [86, 120]))
    }

    @Test func theRollbackSwitchForbidsBuilding() throws {
        var configuration = ArcFaceConfiguration()
        configuration.isEnabled = false
        let error = #expect(throws: ArcFaceError.self) { try EngineBuildJob(configuration: configuration).run() }
        #expect(error?.code == .configuration)
        #expect(error?.location == "arcface_tensorrt.enabled")
    }

    @Test func aMissingModelIsToldBeforeALibraryIsLookedFor() throws {
        var configuration = ArcFaceConfiguration()
        configuration.tensorRT.onnxPath = "/nowhere/face.onnx"
        let error = #expect(throws: ArcFaceError.self) {
            try EngineBuildJob(configuration: configuration, search: Self.nowhere).run()
        }
        #expect(error?.code == .modelMissing)
        #expect(error?.description.contains("--onnx-path") == true)
    }

    @Test(.enabled(if: TestFiles.hasModels, "needs SFace: make deps"))
    func aMissingLibraryIsNamedAndNothingIsWritten() throws {
        var configuration = ArcFaceConfiguration()
        configuration.tensorRT.onnxPath = TestFiles.sface
        configuration.tensorRT.engineLocalDirectory = NSTemporaryDirectory() + "engines-\(UUID().uuidString)"
        let error = #expect(throws: ArcFaceError.self) {
            try EngineBuildJob(configuration: configuration, search: Self.nowhere).run()
        }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("/nowhere/libnvinfer.so.10") == true)
        #expect(!FileManager.default.fileExists(atPath: configuration.tensorRT.engineLocalDirectory))
    }
}
