import EngineStore
import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite(
    "The build line that errors suggest", .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"),
    .enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"))
struct EngineRequestTests {
    private func line(_ change: (inout ArcFaceConfiguration) -> Void) throws -> String {
        let gpu = try DoubleGPU()
        var configuration = ArcFaceConfiguration()
        configuration.tensorRT.onnxPath = TestFiles.sface
        configuration.tensorRT.modelName = "model"
        configuration.tensorRT.engineLocalDirectory = "engines"
        change(&configuration)
        let machine = try EngineMachine(.tensorrt, for: .running, devices: [0], needsGPU: true, search: gpu.search)
        return try EngineRequest(configuration, on: machine, search: gpu.search).buildCommand
    }

    @Test func `names model, precision, batch, runtime and folder`() throws {
        #expect(
            try line { $0.tensorRT.precision = .fp16 }
                == "arcface-tensorrt build --onnx-path \(TestFiles.sface) --model-name model --precision fp16 "
                + "--max-batch-size 32 --runtime tensorrt --output-dir engines")
    }

    @Test func `names the faces to calibrate int8 on, or a place for them`() throws {
        let placeholder = try line { $0.tensorRT.precision = .int8 }
        #expect(placeholder.contains(" --precision int8 --calibration-faces DIR --max-batch-size"))
        let known = try line {
            $0.tensorRT.precision = .int8
            $0.embedding.calibrationFaces = "my faces/it's"
        }
        #expect(known.contains(" --calibration-faces 'my faces/it'\\''s' --max-batch-size"))
    }

    @Test func `can be pasted into a shell whatever the folder is called`() throws {
        #expect(try line { $0.tensorRT.engineLocalDirectory = "a b" }.hasSuffix("--output-dir 'a b'"))
    }
}
