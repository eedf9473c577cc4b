import Foundation
import Testing

@testable import ArcFaceTensorRT

/// What the command maps into its process on a machine that has a driver and a TensorRT.
@Suite(
    "The rollback switch", .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"),
    .enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"),
    .enabled(if: BuiltCommand.exists, "no arcface-tensorrt beside the tests: swift build --build-tests"))
struct RollbackTests {
    @Test(arguments: [
        "arcface_tensorrt:\n  enabled: false\n", "embedding:\n  backend: onnxruntime\n",
        "arcface_tensorrt:\n  enabled: false\nembedding:\n  backend: tensorrt\n  fallback: onnxruntime\n",
    ])
    func `maps no NVIDIA library`(settings: String) throws {
        let run = try Self.run(settings)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.libraries.contains { $0.hasPrefix("libonnxruntime.so") })
        #expect(run.libraries.contains { $0.hasPrefix("ld-linux") })
        #expect(run.libraries.filter(Self.isNVIDIAs) == [])
    }

    @Test func `is what keeps them out`() throws {
        let run = try Self.run("embedding:\n  backend: auto\n")
        // The engine that is missing is built and run; the double's network knows none of the photo's faces.
        #expect(run.libraries.contains("libcuda.so.1"))
        #expect(run.libraries.contains { $0.hasPrefix("libnvinfer.so") }, "\(run.libraries.sorted())")
        for part in ["auto-build: there is no ", "building with TensorRT 10.3.0", "tensorrt 10.3.0 on GPU 0"] {
            #expect(run.errors.contains(part), "\(part) in: \(run.errors)")
        }
    }

    private static func isNVIDIAs(_ library: String) -> Bool {
        ["libcuda", "libnvinfer", "libtensorrt", "libnvonnx", "libnvidia", "libcud", "libnvrtc"].contains {
            library.hasPrefix($0)
        }
    }

    /// The kernel's file has no size and comes a page at a time: it must be read to its end. Empty once the process is gone.
    private static func maps(of process: Int32) -> String {
        guard let file = FileHandle(forReadingAtPath: "/proc/\(process)/maps") else { return "" }
        return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
    }

    private struct Run {
        var status: Int32
        var errors: String
        /// File names of all that was mapped while the command ran.
        var libraries: Set<String>
    }

    /// Embeds a photo, with doubles of NVIDIA's libraries where the loader finds them.
    private static func run(_ settings: String) throws -> Run {
        let gpu = try DoubleGPU(.v10)
        // The doubles' folder goes with it.
        defer { withExtendedLifetime(gpu) {} }
        func path(_ name: String) -> String { gpu.folder.appending(path: name).path }
        let library = TestFiles.configuration.onnxRuntime.libraryPath ?? ""
        let configuration =
            settings + "onnxruntime:\n  library_path: \(library)\n"
            + "detection:\n  model_path: \(TestFiles.yunet)\n  max_side: 320\n"
            + "tensorrt:\n  accept: false\n  engine_local_dir: \(gpu.folder.path)\n"
        try Data(configuration.utf8).write(to: URL(filePath: path("c.yaml")))
        let process = Process()
        process.executableURL = BuiltCommand.url
        process.arguments = [
            "embed", TestFiles.photo, "--model", TestFiles.sface, "--config", path("c.yaml"), "--output",
            path("faces.npz"),
        ]
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ARCFACE_") }
            .merging(["LD_LIBRARY_PATH": gpu.folder.path]) { $1 }
        let errors = path("errors.txt")
        try Data().write(to: URL(filePath: errors))
        process.standardError = FileHandle(forWritingAtPath: errors)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var libraries: Set<String> = []
        while process.isRunning {
            let maps = Self.maps(of: process.processIdentifier)
            for line in maps.split(separator: "\n") {
                guard let slash = line.lastIndex(of: "/") else { continue }
                libraries.insert(String(line[line.index(after: slash)...]))
            }
            usleep(2000)
        }
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus, errors: try String(contentsOfFile: errors, encoding: .utf8),
            libraries: libraries)
    }
}
