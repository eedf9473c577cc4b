import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite("What must be equal for a job to be continued") struct JobIdentityTests {
    private func identity(
        _ backend: String, _ mode: PyTorchMode, precision: Precision = .fp32, device: String = "CPU"
    ) throws -> String {
        let path = NSTemporaryDirectory() + "model-\(UUID().uuidString).onnx"
        try "a model".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = ArcFaceConfiguration()
        configuration.pyTorch.mode = mode
        return try JobIdentity.text(
            options: EmbedJob.Options(paths: ["a.jpg"], output: "a.npz", aligned: true), configuration: configuration,
            information: EmbedderInformation(
                backend: backend, runtimeVersion: "2.0", device: device, modelPath: path, embeddingWidth: 8,
                preprocessing: "none", precision: precision, repairs: []))
    }

    @Test func `each mode of PyTorch computes rows of its own`() throws {
        let identities = try PyTorchMode.allCases.map { mode in
            try identity("pytorch", mode, precision: mode.isHalf ? .fp16 : .fp32)
        }
        #expect(Set(identities).count == PyTorchMode.allCases.count)
    }

    @Test func `another runtime doesn't ask for PyTorch's mode, and nobody for the device`() throws {
        #expect(try identity("onnxruntime", .fp32) == identity("onnxruntime", .tf32))
        #expect(try identity("pytorch", .fp32, device: "CPU, 1 thread") == identity("pytorch", .fp32, device: "A100"))
    }
}
