import Logging
import Testing

@testable import TensorRT

/// TensorRT's lean runtime itself, as far as it goes without a GPU: to its refusal.
@Suite(.enabled(if: TestFiles.hasLean, TestFiles.leanMissing))
struct RealLeanRuntimeTests {
    let log = RecordedLog(level: .debug)

    func library() throws -> TensorRTLibrary {
        try TensorRTLibrary.load(.tensorRT(path: TestFiles.leanFolder, source: "the test"), logger: log.logger)
    }

    @Test func itIsRecognised() throws {
        let library = try library()
        #expect(library.name == "TensorRT's lean runtime 11.4.0")
        #expect(!library.capabilities.builds)
        let error = #expect(throws: TensorRTError.self) { try TensorRTBuilder(library) }
        #expect(error?.code == .builderUnavailable)
    }

    @Test func itsImpossiblePointerIsNotTouchedWhenItFindsNoDriver() throws {
        guard case .unavailable = DriverState.current() else { return }
        // A driver is claimed that isn't there, so that TensorRT is asked.
        let error = #expect(throws: TensorRTError.self) {
            try TensorRTRuntime(try library(), driver: .present(cudaVersion: 12_040, devices: 1))
        }
        #expect(error?.code == .driverTooOld)
        #expect(error?.description.contains("CUDA 12.4") == true)
        #expect(error?.mend.contains("driver") == true)
        #expect(log.messages.contains { $0.level >= .error })
    }
}
