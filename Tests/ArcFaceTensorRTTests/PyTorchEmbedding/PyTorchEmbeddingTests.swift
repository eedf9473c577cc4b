import FaceImages
import Foundation
import ONNXModel
import PyTorchReference
import Synchronization
import Testing

@testable import ArcFaceTensorRT

/// A Python that has what a graph needs, as the backend would find it.
private let pythonObstacle: String? = {
    do throws(PyTorchError) {
        let facts = try PythonSearch(surroundings: surroundings).facts().facts
        return facts.modules.contains("onnx2torch") ? nil : "\(facts.executable) has no onnx2torch: run make test-deps"
    } catch {
        return error.description
    }
}()

/// The usual ones, with the packages of this folder wherever the tests run.
private let surroundings: PythonSurroundings = {
    var surroundings = PythonSurroundings()
    let folder = (TestFiles.dependencies as NSString).deletingLastPathComponent
    surroundings.packages = [folder + "/python"]
    return surroundings
}()

@Suite(
    "PyTorch as a runtime", .enabled(if: pythonObstacle == nil, "\(pythonObstacle ?? "")"),
    .enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"))
struct PyTorchEmbeddingTests {
    private var configuration: ArcFaceConfiguration {
        var configuration = TestFiles.configuration
        configuration.embedding.backend = .pyTorch
        configuration.tensorRT.onnxPath = TestFiles.sface
        return configuration
    }

    private func choice(_ configuration: ArcFaceConfiguration) throws -> BackendChoice {
        try BackendChoice(configuration: configuration, threading: .latency, pythons: surroundings)
    }

    @Test func `a face gives the same numbers in every slot and batch, and many threads may call`() throws {
        let runtime = try choice(configuration).runtime
        let faces = try TestFiles.faces(count: 9)
        let alone = try (0..<9).map { try runtime.rawEmbeddings(of: faces.slice($0..<$0 + 1)) }
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { number in
            let range = number % 3..<9 - number / 2
            do {
                let together = try runtime.rawEmbeddings(of: faces.slice(range))
                for (row, face) in range.enumerated() {
                    let numbers = together[row * 128..<(row + 1) * 128]
                    let error = zip(numbers, alone[face]).map { abs($0 - $1) }.max() ?? .infinity
                    if !(error < 1e-4) { failures.withLock { $0.append("face \(face) in \(range): \(error)") } }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        // Without this, equal numbers for all faces would pass.
        #expect(zip(alone[0], alone[1]).map { abs($0 - $1) }.max() ?? 0 > 0.1)
    }

    @Test func `says what it is`() throws {
        let information = try choice(configuration).runtime.information
        #expect(information.backend == "pytorch")
        #expect(information.device.hasPrefix("CPU, "))
        #expect(information.precision == .fp32)
        #expect(information.embeddingWidth == 128)
    }

    @Test func `can't time a GPU's stages where there is none`() throws {
        #expect(try choice(configuration).runtime as? any StageTimedRuntime == nil)
    }

    @Test func `refuses a batch that isn't what it says, and stays usable`() throws {
        let runtime = try choice(configuration).runtime
        let pixels = [UInt8](repeating: 7, count: FaceBatch.bytesPerFace)
        var output = [Float](repeating: 0, count: 128)
        for count in [0, 2, 33] {
            let error = #expect(throws: ArcFaceError.self) {
                try pixels.withUnsafeBytes { pixels in
                    try output.withUnsafeMutableBufferPointer { try runtime.embed(pixels, count: count, into: $0) }
                }
            }
            #expect(error?.code == .invalidInput)
        }
        try pixels.withUnsafeBytes { pixels in
            try output.withUnsafeMutableBufferPointer { try runtime.embed(pixels, count: 1, into: $0) }
        }
        #expect(output.contains { $0 != 0 })
    }

    @Test func `switched off, the rollback runs it without a warning`() throws {
        var configuration = configuration
        configuration.isEnabled = false
        configuration.embedding.backend = .auto
        let choice = try choice(configuration)
        #expect(choice.runtime.information.backend == "pytorch")
        #expect(choice.warnings == [])
    }
}

/// What the backend comes to where no Python has torch.
@Suite("PyTorch that isn't there", .enabled(if: TestFiles.hasModels, "no models: run make deps"))
struct PyTorchMissingTests {
    private func choice(_ change: (inout ArcFaceConfiguration) -> Void) throws -> BackendChoice {
        var configuration = TestFiles.configuration
        configuration.tensorRT.onnxPath = TestFiles.sface
        change(&configuration)
        var pythons = PythonSurroundings()
        pythons.candidates = ["/nowhere/python"]
        return try BackendChoice(configuration: configuration, threading: .latency, pythons: pythons)
    }

    @Test func `the rollback gives way to ONNX Runtime with one warning that names the mend`() throws {
        let choice = try choice { $0.isEnabled = false }
        #expect(choice.runtime.information.backend == "onnxruntime")
        #expect(choice.warnings.count == 1)
        let warning = choice.warnings.first ?? ""
        for part in [
            "enabled is false", "no Python was found: /nowhere/python", "pip install torch", "using onnxruntime",
        ] {
            #expect(warning.contains(part), "\(part) in: \(warning)")
        }
        #expect(!warning.contains("\n"))
    }

    @Test func `the rollback doesn't give way where more was asked for`() throws {
        let changes: [(inout ArcFaceConfiguration) -> Void] = [
            { $0.pyTorch.python = "/nowhere/python" }, { $0.pyTorch.checkpoint = "/nowhere/backbone.pth" },
            { $0.pyTorch.device = .cuda }, { $0.embedding.requireGPU = true },
        ]
        for change in changes {
            let error = #expect(throws: ArcFaceError.self) {
                try choice {
                    $0.isEnabled = false
                    change(&$0)
                }
            }
            #expect(error?.code == .unavailable)
        }
    }

    @Test func `named as the backend it is an error`() throws {
        let error = #expect(throws: ArcFaceError.self) { try choice { $0.embedding.backend = .pyTorch } }
        #expect(error?.code == .unavailable)
        #expect(error?.mend?.contains("pip install torch") == true)
    }

    @Test func `doctor says what to install`() {
        var pythons = PythonSurroundings()
        pythons.candidates = ["/nowhere/python"]
        let checks = PythonExamination.checks(pythons)
        #expect(checks.map(\.status) == [.absent])
        #expect(checks.first?.mend?.contains("apt-get install python3") == true)
    }
}
