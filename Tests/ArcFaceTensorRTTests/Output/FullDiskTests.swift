import Foundation
import Testing

@testable import ArcFaceTensorRT

/// What users are told when a file can't be written to its end: a limit on the size of files behaves as a full disk does.
@Suite(
    "A full disk", .enabled(if: BuiltCommand.exists, "no arcface-tensorrt beside the tests: swift build --build-tests"),
    .enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"))
struct FullDiskTests {
    /// Runs the command with files of some KiB at most.
    private func errors(_ arguments: [String], limit: Int, in folder: URL) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script = "trap '' XFSZ; ulimit -f \(limit); exec \"$@\""
        process.arguments = ["bash", "-c", script, "bash", BuiltCommand.url.path] + arguments
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test func `is mended by resuming where that is possible, and by running again where it isn't`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "full-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let library = TestFiles.configuration.onnxRuntime.libraryPath ?? ""
        let settings =
            "embedding:\n  backend: onnxruntime\nonnxruntime:\n  library_path: \(library)\n"
            + "detection:\n  model_path: \(TestFiles.yunet)\n  max_side: 640\n"
        try Data(settings.utf8).write(to: folder.appending(path: "c.yaml"))
        let arguments = [
            "embed", TestFiles.photo, "--model", TestFiles.sface, "--config", "c.yaml", "--output", "f.npz",
        ]

        let output = try errors(arguments, limit: 1, in: folder)
        #expect(output.status == 74, "\(output.text)")
        #expect(output.text.contains("raise the file-size limit (ulimit -f), then run again with --resume"))

        let report = try errors(arguments + ["--report", "f.html"], limit: 32, in: folder)
        #expect(report.status == 74, "\(report.text)")
        #expect(report.text.contains("f.html") && report.text.contains("then run again without --resume"))
        #expect(FileManager.default.fileExists(atPath: folder.appending(path: "f.npz").path))
    }
}
