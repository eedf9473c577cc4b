import EngineStore
import Foundation
import NativeLibraries

@testable import ArcFaceTensorRT

extension Trouble {
    /// Libraries and drivers.
    static let libraries = [
        Trouble("libcuda.so.1 wasn't found") {
            var search = nowhere
            search.driver.fileNames = [unknown]
            return try told { _ = try search.gpus([0]) }
        },
        Trouble("TensorRT wasn't found") {
            var search = nowhere
            search.tensorRT.fileNames = [unknown]
            return try told { _ = try search.tools(of: .tensorrt, for: .running) }
        },
        Trouble("whose binary interface isn't one of those known") {
            let texts = try [8503, 9200].map { version in
                let gpu = try DoubleGPU(DoubleKind(family: "8", version: version))
                return try told { _ = try gpu.search.tools(of: .tensorrt, for: .running) }
            }
            guard texts[0].contains("8.5.3"), texts[1].contains("9.2.0") else { throw Absent() }
            return texts[1]
        },
        Trouble("from the path that tensorrt.library_path gives") { try named("/nowhere/at/all/libnvinfer.so.10") },
        Trouble("named by tensorrt.library_path") { try named(try NativeLibrary(opening: "libc.so.6").path) },
        Trouble("has no ONNX parser") {
            let gpu = try DoubleGPU()
            try FileManager.default.removeItem(at: gpu.folder.appending(path: "libnvonnxparser.so.10"))
            return try told { _ = try EngineBuildJob(configuration: configuration(gpu), search: gpu.search).run() }
        },
        Trouble("the NVIDIA driver is too old") {
            let gpu = try DoubleGPU()
            try gpu.set(cudaVersion: 11_000)
            return try told { _ = try gpu.search.gpus([0]) }
        },
        Trouble("this machine's driver has CUDA") {
            let gpu = try DoubleGPU()
            return try loading(
                on: gpu,
                spoiling: { _ in
                    try gpu.failTensorRT(
                        at: 1,
                        saying: "CUDA initialization failure with error: 35. Please check your CUDA installation")
                })
        },
        Trouble("NVIDIA's runtime compiler (NVRTC) wasn't found") {
            var search = nowhere
            search.compiler.fileNames = [unknown]
            return try told { _ = try search.tools(of: .cuda, for: .building) }
        },
    ]

    /// A name that no loader knows, not even one that has loaded other tests' doubles.
    private static let unknown = "libarcfacedouble.so.404"

    /// A machine where nothing is installed.
    private static var nowhere: NVIDIASearch {
        NVIDIASearch(
            surroundings: SearchSurroundings(
                environment: [:], workingFolder: "/nowhere", executableFolder: nil, systemPrefixes: []))
    }

    /// What is told of a `tensorrt.library_path`.
    private static func named(_ path: String) throws -> String {
        var configuration = ArcFaceConfiguration()
        configuration.tensorRT.libraryPath = path
        let search = NVIDIASearch(configuration)
        return try told { _ = try search.tools(of: .tensorrt, for: .running) }
    }
}
