import Foundation
import Testing

/// The program that checks real GPUs, run on the double, so that it is known to work before a GPU is at hand.
struct GPUCheckTests {
    static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "gpu-check").path()

    static let obstacle: String? =
        DoubleLibrary.obstacle
        ?? (FileManager.default.isExecutableFile(atPath: program) ? nil : "gpu-check isn't built beside the tests")

    @Test(.enabled(if: obstacle == nil, "needs a C++ compiler and gpu-check beside the tests"))
    func everyCheckHolds() throws {
        let (status, lines) = try Self.run(["--no-timing"])
        #expect(status == 0)
        #expect(lines.count >= 11)
        for line in lines { #expect(line.contains("\"ok\": true"), "\(line)") }
    }

    @Test(.enabled(if: obstacle == nil, "needs a C++ compiler and gpu-check beside the tests"))
    func aBrokenContextIsRecognisedAndAFailureIsReported() throws {
        let (status, lines) = try Self.run(["--fault"])
        #expect(status == 0)
        #expect(lines.last?.contains("\"check\": \"fault\", \"ok\": true") == true)
        let (failed, complaints) = try Self.run(["--no-timing"], failing: "cuGraphLaunch:20:999")
        #expect(failed == 1)
        #expect(complaints.contains { $0.contains("\"check\": \"graph\", \"ok\": false") })
    }

    private static func run(
        _ arguments: [String], failing failure: String? = nil
    ) throws -> (status: Int32, lines: [String]) {
        let double = try DoubleLibrary(name: "cuda", fileName: "libcuda.so.1").build().path()
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["--libcuda", double] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["FAKE_CUDA_FAIL": failure ?? ""]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
        )
    }
}
