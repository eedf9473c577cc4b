import CUDADriver
import Digests
import EngineStore
import FaceImages
import Foundation
import NativeLibraries
import Testing

@testable import ArcFaceTensorRT

@Suite("Loading an engine", .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"))
struct TensorRTLoadingTests {
    private func failure(
        _ gpu: DoubleGPU, path: String? = nil, _ change: (inout DoubleEngine) -> Void = { _ in }
    ) throws -> ArcFaceError? {
        var engine = DoubleEngine(kind: gpu.kind)
        change(&engine)
        let stored = try engine.store(in: gpu.folder)
        do throws(ArcFaceError) {
            _ = try TensorRTArcFace(enginePath: path ?? stored, devices: [0], search: gpu.search)
            return nil
        } catch {
            return error
        }
    }

    @Test func `refuses one of another version or GPU before its code is read, and says what to do`() throws {
        let gpu = try DoubleGPU()
        let version = try #require(
            try failure(gpu) {
                $0.change = { $0.runtime.version = EngineVersion(major: 10, minor: 8, patch: 0) }
            })
        #expect(version.code == .modelUnusable)
        #expect(version.description.contains("built by TensorRT 10.8.0, this is 10.3.0"))
        #expect(version.mend?.contains("install TensorRT 10.8.0") == true)

        let older = try #require(try failure(gpu) { $0.change = { $0.builtOn.sm = 86 } })
        #expect(older.code == .modelUnusable)
        #expect(older.description.contains("for sm_86, this GPU is sm_90"))
        #expect(older.mend?.contains("on this GPU") == true)
        #expect(try gpu.tensorRTCalls() == 0)

        // Nobody needs to build again for what may run.
        let compatible = try failure(gpu) {
            $0.change = {
                $0.builtOn.sm = 86
                $0.builder.hardwareCompatibility = .amperePlus
            }
        }
        #expect(compatible == nil)
    }

    @Test func `refuses a plan that isn't the one that its manifest describes`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine().store(in: gpu.folder)
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count - 2] ^= 1
        try bytes.write(to: URL(filePath: path))
        let altered = #expect(throws: ArcFaceError.self) {
            try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        }
        #expect(altered?.code == .modelUnusable)
        #expect(altered?.description.contains("file altered") == true)
        try FileManager.default.removeItem(atPath: path + ".json")
        let bare = #expect(throws: ArcFaceError.self) {
            try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        }
        #expect(bare?.description.contains("manifest") == true)
        let missing = #expect(throws: ArcFaceError.self) {
            try TensorRTArcFace(enginePath: path + "x", devices: [0], search: gpu.search)
        }
        #expect(missing?.code == .modelMissing)
        #expect(try gpu.tensorRTCalls() == 0)
    }

    @Test(arguments: [
        ("1 nose 5", "2 embedding 0", "112 112 3", "`nose`"), ("1 faces 0", "2 embedding 0", "112 112 3", "float"),
        ("1 faces 5", "2 logits 0", "112 112 3", "`logits`"), ("1 faces 5", "2 embedding 1", "112 112 3", "half"),
        ("1 faces 5", "2 embedding 0", "3 112 112", "[-1, 3, 112, 112]"),
        ("1 faces 5", "1 embedding 0", "112 112 3", "takes `faces`"),
    ])
    func `refuses one that isn't a prepared face model's`(
        input: String, output: String, shape: String, words: String
    ) throws {
        let gpu = try DoubleGPU()
        let error = try #require(
            try failure(gpu) {
                $0.input = input
                $0.output = output
                $0.faceShape = shape
                if output.hasPrefix("1") { $0.profiles = [] }
                $0.change = { $0.batch = BatchFacts(profiles: [BatchProfile(min: 1, opt: 1, max: 1)]) }
            })
        #expect(error.code == .modelUnusable)
        #expect(error.description.contains(words), "\(error)")
        #expect(error.mend?.contains("arcface-tensorrt build") == true)
        #expect(try gpu.live() == 0)
    }

    @Test func `refuses one whose embeddings aren't as wide as its manifest says`() throws {
        let error = try #require(try failure(try DoubleGPU()) { $0.change = { $0.embeddingWidth = 512 } })
        #expect(error.description.contains("gives 16 numbers a face, its manifest says 512"))
    }

    @Test func `asks for the runtime that built it`() throws {
        let gpu = try DoubleGPU(.rtx)
        let path = try DoubleEngine(kind: .v10).store(in: gpu.folder)
        let error = try #require(try failure(gpu, path: path))
        #expect(error.code == .unavailable)
        #expect(error.description.contains("TensorRT can't be loaded"))
    }

    @Test func `without a driver says so at once`() throws {
        var search = NVIDIASearch()
        search.driver = .cuda(path: "/nowhere/libcuda.so.1", source: "the test")
        let error = #expect(throws: ArcFaceError.self) {
            try TensorRTArcFace(enginePath: "/nowhere/x.plan", devices: [0], search: search)
        }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("libcuda") == true)
    }

    @Test func `of a configuration that is switched off is refused`() throws {
        var configuration = ArcFaceConfiguration()
        configuration.isEnabled = false
        let error = #expect(throws: ArcFaceError.self) {
            try TensorRTArcFace(
                configuration: configuration, devices: [0], search: NVIDIASearch(), engines: StoredEngines())
        }
        #expect(error?.location == "arcface_tensorrt.enabled")
    }
}
