import Testing

@testable import TensorRT

/// Every call of a whole build and run is made to fail in turn.
@Suite(.enabled(if: DoubleLibrary.canBuild, Comment(rawValue: DoubleLibrary.cannotBuild)))
struct FailureTests {
    /// Methods without a result: when they refuse, TensorRT tells in its log alone.
    static let silent: Set<String> = [
        "setFlag", "setProfilingVerbosity", "setMemoryPoolLimit", "setBuilderOptimizationLevel",
        "setHardwareCompatibilityLevel", "setProgressMonitor", "setDynamicShapesKernelSpecializationStrategy",
    ]
    /// A timing cache that TensorRT won't have is replaced by an empty one.
    static let replaced: Set<String> = ["createTimingCache", "setTimingCache"]

    @Test(arguments: DoubleKind.all, Failing.allCases)
    func everyFailedCallIsANamedErrorAndLeavesNothingBehind(_ kind: DoubleKind, _ how: Failing) throws {
        let double = try DoubleTensorRT(kind)
        let expected = try WholeFlow.everything(with: double)
        let calls = try double.calls()
        #expect(calls > 60)
        for call in 1...calls {
            try double.fail(at: call, how)
            let outcome = Result { try WholeFlow.everything(with: double) }
            let failed = try double.failed()
            let where_ = "call \(call), \(failed), \(how)"
            #expect(!failed.isEmpty, "\(where_): the flow isn't the same every time")
            switch outcome {
            case .success(let embeddings):
                #expect(
                    Self.replaced.contains(failed) || (how != .throwing && Self.silent.contains(failed)), "\(where_)")
                #expect(embeddings == expected, "\(where_)")
            case .failure(let error as TensorRTError):
                #expect(!error.what.isEmpty && !error.description.contains("\n"), "\(where_)")
                #expect(
                    error.log.contains { $0.message == "double: \(failed) was told to fail" }, "\(where_): \(error)")
                if how == .throwing {
                    #expect(error.what.contains("double: thrown by \(failed)"), "\(where_): \(error)")
                }
            case .failure(let error):
                Issue.record("\(where_): \(error)")
            }
            #expect(try double.live() == 0, "\(where_)")
            #expect(try double.traps() == 0, "\(where_)")
        }
    }

    @Test(arguments: [
        (
            "CUDA initialization failure with error: 35. Please check your CUDA installation",
            TensorRTError.Code.driverTooOld
        ),
        ("Error Code 2: OutOfMemory (Requested size was 123 bytes.)", .outOfDeviceMemory),
        (
            "Target GPU has compute capability 9.0; TensorRT-RTX does not support this compute capability",
            .gpuUnsupported
        ),
        (
            "The engine plan file is generated on an incompatible device, expecting compute 8.9 got 8.6",
            .planForOtherGPU
        ),
        (
            "The engine plan file is not compatible with this version of TensorRT, expecting library version 10.0.1.6",
            .planFromOtherVersion
        ),
        ("Serialization assertion header.magicTag == kEXPECTED_MAGIC_TAG failed.", .planDamaged),
    ])
    func whatTensorRTLogsDecidesWhichErrorItIs(_ message: String, _ code: TensorRTError.Code) {
        let diagnosis = Diagnosis([TensorRTLogRecord(severity: .error, message: message)])
        #expect(diagnosis?.code == code)
        #expect(diagnosis?.mend.isEmpty == false)
        #expect(Diagnosis([TensorRTLogRecord(severity: .warning, message: message)]) == nil)
    }

    @Test func aMissingDriverDoesNotHideWhatElseIsWrong() {
        let old = TensorRTLogRecord(severity: .error, message: "CUDA error 35")
        let other = TensorRTLogRecord(severity: .error, message: "no importer for NonZero")
        #expect(Diagnosis([old, old])?.code == .driverTooOld)
        #expect(Diagnosis([old, other]) == nil)
    }

    @Test func ordinaryErrorsAreNothingSpecial() {
        #expect(Diagnosis([TensorRTLogRecord(severity: .error, message: "no importer for NonZero")]) == nil)
    }
}
