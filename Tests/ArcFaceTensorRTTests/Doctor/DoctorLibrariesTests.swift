import Foundation
import Testing

@testable import ArcFaceTensorRT

/// What the command tells of TensorRT and NVRTC, in a process of its own whose loader finds doubles.
@Suite(
    "doctor", .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"),
    .enabled(if: BuiltCommand.exists, "no arcface-tensorrt beside the tests: swift build --build-tests"))
struct DoctorLibrariesTests {
    private struct Library: Decodable {
        var path: String
        var flavour, version, parser, runs_engines, builds_engines, problem: String?
    }
    private struct Check: Decodable {
        var name, status, detail: String
        var mend: String?
        var libraries: [Library]?
    }
    private struct Report: Decodable { var checks: [Check] }

    /// Runs the command in an empty folder.
    private static func output(
        _ machine: SeveralVersions, _ settings: String = "", _ arguments: [String] = ["--json"],
        environment: [String: String] = [:]
    ) throws -> String {
        let place = machine.gpu.folder.appending(path: "place-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let file = place.appending(path: "c.yaml").path
        let engines = "tensorrt:\n  model_name: model\n  engine_local_dir: \(machine.gpu.folder.path)\n"
        try Data((engines + settings).utf8).write(to: URL(filePath: file))
        let process = Process()
        process.executableURL = BuiltCommand.url
        process.currentDirectoryURL = place
        process.arguments = ["doctor", "--config", file] + arguments
        process.environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("ARCFACE_") && $0.key != "VIRTUAL_ENV" }
            .merging(["LD_LIBRARY_PATH": machine.folder.path]) { $1 }.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    private static func check(
        _ name: String, _ machine: SeveralVersions, _ settings: String = "", environment: [String: String] = [:]
    ) throws -> Check {
        let text = try output(machine, settings, environment: environment)
        let report = try JSONDecoder().decode(Report.self, from: Data(text.utf8))
        return try #require(report.checks.first { $0.name == name })
    }

    /// The doubles among what was found: the machine may have libraries of its own.
    private static func doubles(_ check: Check, _ machine: SeveralVersions) -> [Library] {
        (check.libraries ?? []).filter { $0.path.hasPrefix(machine.folder.path) }
    }

    @Test func `lists every TensorRT with its parser, and which one is used, and why`() throws {
        let machine = try SeveralVersions(parsers: [.v8, .v11])
        let check = try Self.check("TensorRT", machine)
        #expect(check.status == "ok" && check.mend == nil)
        let found = Self.doubles(check, machine)
        #expect(found.map(\.version) == ["11.1.0", "10.3.0", "8.6.1"])
        #expect(found.allSatisfy { $0.flavour == "tensorrt" && $0.problem == nil })
        #expect(found.map { $0.parser?.hasSuffix("libnvonnxparser.so.11") } == [true, nil, false])
        #expect(found.map { $0.runs_engines != nil } == [true, false, false])
        #expect(found.map { $0.builds_engines != nil } == [true, false, false])
        #expect(found[0].runs_engines?.contains("comes first") == true)
        let text = try Self.output(machine, "", [])
        #expect(
            text.contains("✓ TensorRT        TensorRT 11.1.0, \(machine.folder.path)/libnvinfer.so.11, with its ONNX"))
        #expect(text.contains("runs and builds engines, as it comes first"))
        #expect(text.contains("  also TensorRT 10.3.0, \(machine.folder.path)/libnvinfer.so.10, no ONNX parser\n"))
        #expect(text.contains("  also TensorRT 8.6.1, \(machine.folder.path)/libnvinfer.so.8, with its ONNX parser\n"))
    }

    @Test func `tells that the version that built the engine runs it`() throws {
        let machine = try SeveralVersions()
        _ = try DoubleEngine(kind: .v8).store(in: machine.gpu.folder)
        let check = try Self.check("TensorRT", machine)
        let found = Self.doubles(check, machine)
        #expect(found.first?.version == "8.6.1")
        #expect(found.first?.runs_engines == "it built model-fp16-sm90.plan")
        #expect(check.detail.contains("TensorRT 8.6.1, "))
        #expect(check.detail.contains("runs engines, as it built model-fp16-sm90.plan"))
        #expect(found.filter { $0.builds_engines != nil }.map(\.version) == ["11.1.0"])
    }

    @Test func `tells that library_path decides, or what is wrong with it`() throws {
        let machine = try SeveralVersions()
        _ = try DoubleEngine(kind: .v8).store(in: machine.gpu.folder)
        let path = machine.folder.appending(path: "libnvinfer.so.10").path
        let named = try Self.check("TensorRT", machine, "  library_path: \(path)\n")
        let found = Self.doubles(named, machine)
        #expect(found.first?.path == path && found.first?.runs_engines == "tensorrt.library_path names it")
        #expect(found.first?.builds_engines == "tensorrt.library_path names it")
        #expect(Set(found.compactMap(\.version)) == ["8.6.1", "10.3.0", "11.1.0"])

        let missing = try Self.check("TensorRT", machine, "  library_path: /nowhere/at/all\n")
        #expect(missing.status == "absent" && missing.detail.contains("the path that tensorrt.library_path gives"))
        #expect(missing.detail.contains("/nowhere/at/all") && missing.mend?.contains("correct") == true)
        #expect(Self.doubles(missing, machine).count == 3)
        #expect(Self.doubles(missing, machine).allSatisfy { $0.runs_engines == nil && $0.builds_engines == nil })
    }

    @Test func `says what the library needs that can't build for want of its parser`() throws {
        let machine = try SeveralVersions(parsers: [.v10])
        let check = try Self.check("TensorRT", machine)
        #expect(check.libraries?.contains { $0.builds_engines != nil } == false)
        #expect(check.mend?.contains("apt-get install libnvonnxparsers11") == true)
        #expect(check.mend?.contains("tensorrt.library_path: \(machine.folder.path)/libnvinfer.so.10") == true)
    }

    @Test func `tells what NVRTC is for, and that what is built runs without it`() throws {
        let check = try Self.check(
            "NVRTC", try SeveralVersions(), environment: ["NVRTC_LIBRARY": "/nowhere/libnvrtc.so.13"])
        #expect(check.status == "absent" && check.detail.contains("/nowhere/libnvrtc.so.13"))
        #expect(check.detail.contains("run without it"))
        #expect(check.mend?.contains("pip install 'nvidia-cuda-nvrtc==13.0.*'") == true)
    }

    private static let nvrtc = TestFiles.dependencies + "/nvidia/cu13/lib/libnvrtc.so.13"

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: nvrtc),
            "no NVRTC under \(TestFiles.dependencies): run make deps"))
    func `tells NVRTC's version and place`() throws {
        let check = try Self.check("NVRTC", try SeveralVersions(), environment: ["NVRTC_LIBRARY": Self.nvrtc])
        #expect(check.status == "ok" && check.detail.hasPrefix("13.") && check.detail.contains("libnvrtc.so.13"))
    }
}
