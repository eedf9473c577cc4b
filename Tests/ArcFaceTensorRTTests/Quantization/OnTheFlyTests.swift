import Foundation
import Testing

@testable import ArcFaceTensorRT

/// int8 that an embedder makes itself, as a library's user asks for it.
@Suite(.enabled(if: TestFiles.hasModels, "needs ONNX Runtime, SFace and the demo's photo: make deps"))
struct OnTheFlyTests {
    private var configuration: ArcFaceConfiguration {
        var configuration = TestFiles.configuration
        configuration.tensorRT.onnxPath = TestFiles.sface
        configuration.onnxRuntime.precision = .int8
        return configuration
    }

    @Test func withoutFacesTheErrorNamesBothWays() {
        let error = #expect(throws: ArcFaceError.self) { try ArcFaceEmbedder(configuration: configuration) }
        #expect(error?.code == .configuration)
        for way in ["--calibration-faces", "embedding.calibration_faces", "model prepare FILE -o OUT --precision int8"]
        {
            #expect(error?.description.contains(way) == true)
        }
    }

    @Test func tooFewFacesAreRefused() throws {
        var configuration = configuration
        configuration.embedding.calibrationFaces = TestFiles.photo
        let error = #expect(throws: ArcFaceError.self) { try ArcFaceEmbedder(configuration: configuration) }
        #expect(error?.code == .invalidInput && error?.description.contains("16") == true)
    }

    @Test func whoStopsItGetsNoEmbedderAndNoFallback() throws {
        var configuration = configuration
        configuration.embedding.calibrationFaces = TestFiles.photo
        configuration.embedding.backend = .auto
        let error = #expect(throws: ArcFaceError.self) {
            try BackendChoice(
                configuration: configuration, threading: .latency, hooks: PreparationHooks(shouldStop: { true }))
        }
        #expect(error?.code == .cancelled)
    }
}
