import CUDADriver
import FaceImages
import Foundation
import NativeLibraries
import ONNXRuntime
import TensorRT

/// The native libraries: which are linked, which can be loaded, which lie where.
enum LibraryExamination {
    static func checks(_ configuration: ArcFaceConfiguration) -> [DoctorReport.Check] {
        ImageLibraries.linked.map { DoctorReport.Check("library", $0.name, .ok, "\($0.version), \($0.path)") }
            + [onnxRuntime(configuration)]
            + nvidia.map { located($0, mayLoad: configuration.isEnabled) }
    }

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

    /// The libraries of the GPU runtimes.
    private static let nvidia: [LibrarySearch] = {
        var driver = LibrarySearch.cuda()
        driver.name = "CUDA driver"
        return [driver, .tensorRT(), .tensorRTRTX()]
    }()

    /// With the product switched off, no NVIDIA library may be opened; then only its folders are looked at.
    private static func located(_ search: LibrarySearch, mayLoad: Bool) -> DoctorReport.Check {
        let absent = DoctorReport.Check("library", search.name, .absent, "not found", mend: "\(search.mend), for GPUs")
        guard mayLoad else {
            let found = search.candidates().first { $0.status == .exists }
            return found.map { DoctorReport.Check("library", search.name, .ok, $0.path) } ?? absent
        }
        do throws(NativeLibraryError) {
            return DoctorReport.Check("library", search.name, .ok, try search.open().path)
        } catch {
            // A file that is there and can't be opened is another matter than none: its own words say why.
            guard search.candidates().contains(where: { $0.status == .exists }) else { return absent }
            return DoctorReport.Check("library", search.name, .absent, "\(error)", mend: "\(search.mend), for GPUs")
        }
    }
}
