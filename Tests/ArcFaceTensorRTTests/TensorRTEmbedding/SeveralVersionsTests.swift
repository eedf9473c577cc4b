import EngineStore
import Foundation
import NativeLibraries
import Testing

@testable import ArcFaceTensorRT

@Suite(
    "With TensorRT 8.6, 10 and 11 side by side",
    .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"))
struct SeveralVersionsTests {
    private func version(_ search: NVIDIASearch) throws -> String {
        try search.tools(of: .tensorrt, for: .running).version.description
    }

    @Test(arguments: zip(SeveralVersions.kinds, ["8.6.1", "10.3.0", "11.1.0"]))
    func `the one that built an engine runs it`(kind: DoubleKind, version: String) throws {
        let machine = try SeveralVersions()
        let path = try DoubleEngine(kind: kind).store(in: machine.gpu.folder)
        let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: try machine.search())
        #expect(arcface.runtime.information.runtimeVersion == version)
    }

    @Test func `an engine of none of them is refused by the nearest`() throws {
        let machine = try SeveralVersions()
        var engine = DoubleEngine()
        engine.change = { $0.runtime.version = EngineVersion(major: 10, minor: 8, patch: 0) }
        let path = try engine.store(in: machine.gpu.folder)
        let error = #expect(throws: ArcFaceError.self) {
            try TensorRTArcFace(enginePath: path, devices: [0], search: try machine.search())
        }
        #expect(error?.description.contains("built by TensorRT 10.8.0, this is 10.3.0") == true)
    }

    @Test func `the first is taken where no engine decides`() throws {
        let machine = try SeveralVersions()
        // Its folder goes with it.
        defer { withExtendedLifetime(machine) {} }
        #expect(try version(try machine.search()) == "11.1.0")
    }

    @Test func `library_path ranks over what built the engine`() throws {
        let machine = try SeveralVersions()
        let path = try DoubleEngine(kind: .v10).store(in: machine.gpu.folder)
        let search = machine.search(libraryPath: machine.folder.appending(path: "libnvinfer.so.11").path)
        #expect(try version(search) == "11.1.0")
        let error = #expect(throws: ArcFaceError.self) {
            try TensorRTArcFace(enginePath: path, devices: [0], search: search)
        }
        #expect(error?.description.contains("built by TensorRT 10.3.0, this is 11.1.0") == true)
    }

    @Test func `of a folder named by library_path, the one that built the engine runs it`() throws {
        let machine = try SeveralVersions()
        let search = machine.search(libraryPath: machine.folder.path)
        #expect(try version(search) == "11.1.0")
        let path = try DoubleEngine(kind: .v8).store(in: machine.gpu.folder)
        let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: search)
        #expect(arcface.runtime.information.runtimeVersion == "8.6.1")
    }

    @Test func `a library_path with nothing usable is a named error, whatever else is installed`() throws {
        let machine = try SeveralVersions()
        let text = machine.gpu.folder.appending(path: "libnvinfer.so.10.txt").path
        try Data("no library".utf8).write(to: URL(filePath: text))
        let empty = machine.gpu.folder.appending(path: "empty").path
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        let libc = try NativeLibrary(opening: "libc.so.6").path
        for (path, words) in [
            ("/nowhere/at/all", "the path that tensorrt.library_path gives"),
            (text, "the path that tensorrt.library_path gives"), (empty, "a folder without libnvinfer.so.11"),
            (libc, "exports no `getInferLibVersion` (named by tensorrt.library_path)"),
        ] {
            let error = #expect(throws: ArcFaceError.self) { try version(machine.search(libraryPath: path)) }
            #expect(error?.code == .unavailable)
            let line = error?.description ?? ""
            #expect(line.contains(words) && line.contains(path) && !line.contains("\n"), "\(line)")
        }
    }
}
