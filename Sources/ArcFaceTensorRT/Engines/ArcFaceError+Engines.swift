import CUDADriver
import EngineStore
import TensorRT

extension ArcFaceError {
    /// An error of TensorRT, told in the facade's terms.
    init(_ error: TensorRTError) {
        let code: Code =
            switch error.code {
            case .libraryUnavailable, .unsupportedVersion, .symbolMissing, .parserUnavailable, .builderUnavailable,
                .deviceUnavailable, .driverTooOld, .gpuUnsupported:
                .unavailable
            case .unsupportedOption: .configuration
            case .unsuitableNetwork, .modelRefused, .planDamaged, .planFromOtherVersion, .planForOtherGPU,
                .planRefused:
                .modelUnusable
            case .buildFailed, .cancelled, .outOfDeviceMemory, .invalidArgument, .enqueueFailed, .callFailed:
                .runtimeFailed
            }
        self.init(code, error.description)
    }

    /// An error of the folder of engines, told in the facade's terms.
    init(_ error: EngineStoreError) {
        let code: Code =
            switch error.code {
            case .invalidName: .configuration
            case .folderUnusable, .unwritable, .lockUnavailable: .outputUnwritable
            case .noSpace: .writeFailed
            case .planMissing: .modelMissing
            case .lockTimedOut, .cancelled: .unavailable
            case .notRegularFile, .unreadable, .manifestMissing, .manifestMalformed, .manifestUnsupported,
                .fileAltered, .tooLarge:
                .modelUnusable
            }
        self.init(code, error.description)
    }

    /// An error of NVIDIA's driver, told in the facade's terms.
    init(_ error: CUDAError) {
        let code: Code =
            switch error.code {
            case .libraryUnavailable, .driverTooOld, .noDevice, .driverFailed, .unknownDevice, .unsupported:
                .unavailable
            default: .runtimeFailed
            }
        self.init(code, error.description)
    }
}
