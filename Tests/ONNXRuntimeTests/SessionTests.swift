import Synchronization
import Testing

@testable import ONNXRuntime

@Suite(.enabled(if: TestDependencies.hasLibrary, TestDependencies.libraryMissing))
struct SessionTests {
    @Test(
        arguments: [
            [], [0x08], Array("not a model, just text".utf8), Array(TinyModel.doubling.bytes.dropLast(9)),
            [UInt8](repeating: 0xFF, count: 4096),
        ] as [[UInt8]])
    func bytesThatAreNoModelAreRefused(bytes: [UInt8]) throws {
        let error = #expect(throws: ONNXRuntimeError.self) {
            try TestDependencies.session(bytes, name: "broken.onnx")
        }
        #expect(error?.code == .modelRefused)
        #expect(error?.description.hasPrefix("broken.onnx: ") == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func anUnknownOperatorIsNamed() throws {
        let error = #expect(throws: ONNXRuntimeError.self) {
            try TestDependencies.session(TinyModel.unknownOperator.bytes)
        }
        #expect(error?.code == .modelRefused)
        #expect(error?.description.contains("Frobnicate") == true)
    }

    @Test func everyCutOfAModelIsRefusedOrLoads() throws {
        let whole = TinyModel.withUnusedWeights.bytes
        for length in 0..<whole.count {
            do {
                _ = try TestDependencies.session(Array(whole[..<length]))
            } catch let error as ONNXRuntimeError {
                #expect(error.code == .modelRefused)
            }
        }
    }

    @Test func warningsGoToTheHandlerUnderTheSessionsName() throws {
        let records = Mutex<[ONNXRuntimeLogRecord]>([])
        let library = try TestDependencies.library { record in records.withLock { $0.append(record) } }
        let model = TinyModel.withUnusedWeights.bytes
        _ = try TestDependencies.session(model, name: "loud", library: library)
        _ = try TestDependencies.session(model, name: "quiet", library: library) { $0.logSeverity = .error }
        let seen = records.withLock { $0 }
        #expect(
            seen.contains { $0.session == "loud" && $0.message.contains("idle_weights") && $0.severity == .warning })
        #expect(!seen.contains { $0.session == "quiet" })
    }

    @Test func aHandlerHearsNothingOnceItsLibraryIsGone() throws {
        let count = Atomic(0)
        var library: ONNXRuntimeLibrary? = try TestDependencies.library { record in
            if record.session.hasPrefix("handler-test") { count.add(1, ordering: .relaxed) }
        }
        let model = TinyModel.withUnusedWeights.bytes
        _ = try TestDependencies.session(model, name: "handler-test-1", library: library)
        let heard = count.load(ordering: .relaxed)
        #expect(heard > 0)
        library = nil
        _ = try TestDependencies.session(model, name: "handler-test-2")
        #expect(count.load(ordering: .relaxed) == heard)
    }

    @Test(.enabled(if: !TestDependencies.hasCUDA, "needs an ONNX Runtime that is built without CUDA"))
    func aGPUThatIsNotThereIsAnErrorWithAMend() throws {
        let error = #expect(throws: ONNXRuntimeError.self) {
            try TestDependencies.session(TinyModel.doubling.bytes) { $0.device = .cuda(ordinal: 0) }
        }
        #expect(error?.code == .deviceUnavailable)
        #expect(error?.mend.contains("onnxruntime-gpu") == true)
    }

    @Test(arguments: [-1, SessionOptions.maximumThreads + 1, Int.max])
    func threadsThatNoMachineHasAreRefused(threads: Int) throws {
        for option in [\SessionOptions.intraOpThreads, \SessionOptions.interOpThreads] {
            let error = #expect(throws: ONNXRuntimeError.self) {
                try TestDependencies.session(TinyModel.doubling.bytes) { $0[keyPath: option] = threads }
            }
            #expect(error?.code == .invalidOption)
        }
    }

    @Test func everyOptionIsUnderstoodByTheRuntime() throws {
        let session = try TestDependencies.session(TinyModel.doubling.bytes) { options in
            options.intraOpThreads = 2
            options.interOpThreads = 2
            options.graphOptimization = .basic
            options.allowSpinning = true
            options.memoryPattern = false
            options.arenaShrinkage = true
            options.denormalsAsZero = true
            options.configuration = ["session.disable_prepacking": "1"]
        }
        let input: [Float] = [1, 2, 3]
        try input.withUnsafeBufferPointer { input in
            try session.run([TensorView(name: "x", shape: [1, 3], elements: input)]) { outputs in
                #expect(outputs.first?.array(of: Float.self) == [2, 4, 6])
            }
        }
    }
}
