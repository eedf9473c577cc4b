import CUDADriver
import CUDAEngine
import EngineStore
import FaceImages
import Foundation
import NativeLibraries
import ONNXRuntime
import TensorRT

/// The native libraries: which are linked, which can be loaded, which lie where.
enum LibraryExamination {
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - nvidia: where NVIDIA's libraries are looked for. With the product switched off none of them may be opened; then
    ///     only its folders are looked at.
    /// - Returns: one check a library.
    static func checks(_ configuration: ArcFaceConfiguration, _ nvidia: NVIDIASearch) -> [DoctorReport.Check] {
        let images = ImageLibraries.linked.map {
            DoctorReport.Check("library", $0.name, .ok, "\($0.version), \($0.path)")
        }
        return images + [onnxRuntime(configuration)]
            + (configuration.isEnabled
                ? [
                    opened(nvidia.driver, name: driver, in: nvidia.surroundings),
                    TensorRTExamination(.tensorrt, configuration, nvidia).check(),
                    TensorRTExamination(.tensorrtRTX, configuration, nvidia).check(), compiler(nvidia),
                ]
                : [
                    located(nvidia.driver, name: driver, in: nvidia.surroundings),
                    located(nvidia.tensorRT, in: nvidia.surroundings),
                    located(nvidia.tensorRTRTX, in: nvidia.surroundings),
                    located(nvidia.compiler, name: nvrtc, in: nvidia.surroundings),
                ])
    }

    private static let driver = "CUDA driver"
    private static let nvrtc = "NVRTC"

    private static func onnxRuntime(_ configuration: ArcFaceConfiguration) -> DoctorReport.Check {
        let search = LibrarySearch.onnxRuntime(
            path: configuration.onnxRuntime.libraryPath, source: "onnxruntime.library_path")
        do throws(ONNXRuntimeError) {
            let library = try ONNXRuntimeLibrary(search: search) { _ in }
            let providers = library.availableProviders.map { $0.replacing("ExecutionProvider", with: "") }
            return DoctorReport.Check(
                "library", search.name, .ok,
                "\(library.version), \(library.path), providers \(providers.joined(separator: ", "))")
        } catch {
            return DoctorReport.Check("library", search.name, .problem, error.description, mend: search.mend)
        }
    }

    /// A library that is only located: nothing is opened.
    private static func located(
        _ search: LibrarySearch, name: String? = nil, in surroundings: SearchSurroundings
    ) -> DoctorReport.Check {
        let found = search.candidates(in: surroundings).first { $0.status == .exists }
        return found.map { DoctorReport.Check("library", name ?? search.name, .ok, $0.path) }
            ?? absent(search, name: name)
    }

    private static func opened(
        _ search: LibrarySearch, name: String, in surroundings: SearchSurroundings
    ) -> DoctorReport.Check {
        do throws(NativeLibraryError) {
            return DoctorReport.Check("library", name, .ok, try search.open(in: surroundings).path)
        } catch {
            // A file that is there and can't be opened is another matter than none: its own words say why.
            guard search.candidates(in: surroundings).contains(where: { $0.status == .exists }) else {
                return absent(search, name: name)
            }
            return DoctorReport.Check("library", name, .absent, "\(error)", mend: "\(search.mend), for GPUs")
        }
    }

    private static func absent(_ search: LibrarySearch, name: String?) -> DoctorReport.Check {
        DoctorReport.Check(
            "library", name ?? search.name, .absent, "not found", mend: "\(search.mend), for GPUs")
    }

    /// NVIDIA's compiler, which `build --runtime cuda` needs; what it built runs without it.
    private static func compiler(_ nvidia: NVIDIASearch) -> DoctorReport.Check {
        let search = nvidia.compiler
        do throws(CUDAEngineError) {
            let compiler = try NVRTC(search: search, in: nvidia.surroundings)
            let version = "\(compiler.version.major).\(compiler.version.minor)"
            return DoctorReport.Check("library", nvrtc, .ok, "\(version), \(compiler.path), for build --runtime cuda")
        } catch {
            let isThere = search.candidates(in: nvidia.surroundings).contains {
                if case .given = $0.origin { return true }
                return $0.status == .exists
            }
            return DoctorReport.Check(
                "library", nvrtc, .absent,
                (isThere ? error.what : "not found")
                    + "; engines of --runtime cuda that are built already run without it",
                mend: "pip install 'nvidia-cuda-nvrtc==13.0.*' or set NVRTC_LIBRARY, for build --runtime cuda")
        }
    }
}
