import Foundation
import Testing

@testable import ArcFaceTensorRT

/// A trouble that users get into: the stable part of what they are told, and the way there through the product's code.
struct Trouble: Sendable, CustomTestStringConvertible {
    /// As the README's table has it.
    let phrase: String
    /// Gets into trouble; gives what the user is told.
    let text: @Sendable () throws -> String

    var testDescription: String { phrase }

    init(_ phrase: String, _ text: @escaping @Sendable () throws -> String) {
        self.phrase = phrase
        self.text = text
    }

    static let all = libraries + models + engines + running

    /// No trouble, where one was expected.
    struct Absent: Error {}

    /// The text of the error that `body` throws.
    static func told(_ body: () throws -> Void) throws -> String {
        do {
            try body()
        } catch let error as ArcFaceError {
            return error.description
        }
        throw Absent()
    }

    /// An engine's text, stored and changed.
    static func loading(
        on gpu: DoubleGPU, _ change: (inout DoubleEngine) -> Void = { _ in },
        spoiling spoil: (String) throws -> Void = { _ in }
    ) throws -> String {
        var engine = DoubleEngine(kind: gpu.kind)
        change(&engine)
        let path = try engine.store(in: gpu.folder)
        try spoil(path)
        return try told { _ = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search) }
    }

    /// The doubles' engine of SFace, which computes something else.
    static func configuration(_ gpu: DoubleGPU) -> ArcFaceConfiguration {
        var configuration = TestFiles.configuration
        configuration.embedding.backend = .tensorRT
        configuration.tensorRT.onnxPath = TestFiles.sface
        configuration.tensorRT.modelName = "model"
        configuration.tensorRT.precision = .fp32
        configuration.tensorRT.engineLocalDirectory = gpu.folder.appending(path: "engines").path
        configuration.comparison.faces = TestFiles.photo
        configuration.comparison.sampleCount = 6
        // ONNX Runtime is the reference then, whatever this machine has.
        configuration.pyTorch.python = "/nowhere/at/all/python3"
        return configuration
    }
}
