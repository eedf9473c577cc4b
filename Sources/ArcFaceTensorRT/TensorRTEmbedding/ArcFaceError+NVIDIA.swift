import CUDADriver
import EngineStore
import TensorRT

extension ArcFaceError {
    /// An error of the driver or a GPU, told in the facade's terms.
    init(cuda error: CUDAError) {
        let code: Code =
            switch error.code {
            case .libraryUnavailable, .driverTooOld, .noDevice, .driverFailed, .unknownDevice, .unsupported:
                .unavailable
            default: .runtimeFailed
            }
        self.init(code, error.description)
    }

    /// An error of TensorRT, told in the facade's terms.
    init(tensorRT error: TensorRTError) {
        let code: Code =
            switch error.code {
            case .libraryUnavailable, .unsupportedVersion, .symbolMissing, .parserUnavailable, .builderUnavailable,
                .deviceUnavailable, .driverTooOld, .gpuUnsupported:
                .unavailable
            case .planDamaged, .planFromOtherVersion, .planForOtherGPU, .planRefused, .modelRefused, .unsuitableNetwork:
                .modelUnusable
            default: .runtimeFailed
            }
        self.init(code, error.description)
    }

    /// An error of the folder of engines, told in the facade's terms.
    init(engineStore error: EngineStoreError) {
        let code: Code =
            switch error.code {
            case .planMissing: .modelMissing
            case .noSpace: .writeFailed
            case .unwritable, .lockUnavailable: .outputUnwritable
            case .lockTimedOut, .cancelled, .folderUnusable: .unavailable
            case .invalidName: .configuration
            default: .modelUnusable
            }
        self.init(
            code, error.what, at: error.location.isEmpty ? nil : error.location,
            mend: error.mend.isEmpty ? nil : error.mend)
    }
}
