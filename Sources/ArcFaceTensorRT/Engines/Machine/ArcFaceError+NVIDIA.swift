import CUDADriver
import EngineStore
import NativeLibraries
import TensorRT

extension ArcFaceError {
    /// An error of NVIDIA's driver or a GPU, told in the facade's terms.
    init(_ error: CUDAError) {
        if let search = error.nativeLibraryError, search.code == .notFound {
            // A machine without a GPU, which is no fault: `doctor` tells all places that were looked at.
            self.init(
                .unavailable, "libcuda.so.1 wasn't found: there is no NVIDIA driver", mend: search.mend)
            return
        }
        let code: Code =
            switch error.code {
            case .libraryUnavailable, .driverTooOld, .noDevice, .driverFailed, .unknownDevice, .unsupported:
                .unavailable
            default: .runtimeFailed
            }
        self.init(code, error.description)
    }

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
        let missing = error.code == .libraryUnavailable ? error.nativeLibraryError?.brief : nil
        self.init(code, missing ?? error.description)
    }

    /// An error of the folder of engines, told in the facade's terms.
    init(_ error: EngineStoreError) {
        let code: Code =
            switch error.code {
            case .invalidName: .configuration
            case .folderUnusable, .unwritable, .lockUnavailable: .outputUnwritable
            case .noSpace: .writeFailed
            case .planMissing: .modelMissing
            case .lockTimedOut, .cancelled, .storeUnavailable, .storeRefused: .unavailable
            case .storeMisconfigured, .licenceRestricted: .configuration
            case .notRegularFile, .unreadable, .manifestMissing, .manifestMalformed, .manifestUnsupported,
                .fileAltered, .tooLarge, .unsigned, .signatureInvalid, .untrustedSigner:
                .modelUnusable
            }
        self.init(
            code, error.what, at: error.location.isEmpty ? nil : error.location,
            mend: error.mend.isEmpty ? nil : error.mend)
    }
}

extension NativeLibraryError {
    /// The places where something is that doesn't open; those where nothing is are only counted, as there may be dozens.
    fileprivate var brief: String? {
        guard code == .notFound else { return nil }
        func isAbsent(_ outcome: String) -> Bool {
            outcome == "no such file" || outcome.hasSuffix("No such file or directory")
        }
        let names = attempts.filter { !$0.place.contains("/") }.map(\.place)
        let folders = attempts.filter { $0.place.contains("/") && isAbsent($0.outcome) }.count
        let broken = attempts.filter { !isAbsent($0.outcome) }.map { "\($0.place) doesn't open (\($0.outcome))" }
        let searched =
            "the system's loader knows no \(names.joined(separator: ", ")), and \(folders) other folders have none"
        return (["\(library) wasn't found: " + searched] + broken + [mend]).filter { !$0.isEmpty }
            .joined(separator: "; ").replacing("\n", with: " ")
    }
}
