import Foundation
import NativeLibraries
import TensorRT

@testable import ArcFaceTensorRT

/// A machine with a GPU and TensorRT 8.6, 10 and 11 side by side, all doubles.
final class SeveralVersions: Sendable {
    /// Has the GPU; its own TensorRT isn't among the three.
    let gpu: DoubleGPU
    /// What the loader of a child process finds: the three, driver and NVML.
    let folder: URL
    static let kinds = [DoubleKind.v8, .v10, .v11]

    /// - Parameter parsers: which of them have their ONNX parser beside them.
    /// - Throws: if the doubles can't be built.
    init(parsers: [DoubleKind] = kinds) throws {
        gpu = try DoubleGPU()
        folder = gpu.folder.appending(path: "several")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for double in [BuiltDouble.cuda, .nvml] + Self.kinds.map({ BuiltDouble.tensorRT($0) }) {
            let built = try double.folder()
            for name in try FileManager.default.contentsOfDirectory(atPath: built.path) where name.contains(".so") {
                let kept = !name.contains("parser") || parsers.contains { name.hasSuffix(".so.\($0.family)") }
                guard kept else { continue }
                try FileManager.default.copyItem(at: built.appending(path: name), to: folder.appending(path: name))
            }
        }
    }

    /// Finds the three where pip puts libraries, under names of their own: the loader would take other tests' doubles, which
    /// have been loaded, for those that it is asked for.
    func search() throws -> NVIDIASearch {
        let place = gpu.folder.appending(path: "place/.deps/files/tensorrt_libs")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for kind in Self.kinds {
            try FileManager.default.copyItem(
                at: folder.appending(path: "libnvinfer.so.\(kind.family)"),
                to: place.appending(path: "libarcfacedouble.so.\(kind.family)"))
        }
        var search = gpu.search
        search.tensorRT = .tensorRT()
        search.tensorRT.fileNames = ["11", "10", "8"].map { "libarcfacedouble.so.\($0)" }
        search.surroundings = SearchSurroundings(
            environment: [:], workingFolder: gpu.folder.appending(path: "place").path, executableFolder: nil,
            systemPrefixes: [])
        return search
    }

    /// A search with `tensorrt.library_path`.
    func search(libraryPath: String) -> NVIDIASearch {
        var configuration = ArcFaceConfiguration()
        configuration.tensorRT.libraryPath = libraryPath
        var search = NVIDIASearch(configuration)
        (search.driver, search.management) = (gpu.search.driver, gpu.search.management)
        return search
    }
}
