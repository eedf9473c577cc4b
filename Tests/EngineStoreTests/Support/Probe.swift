import Foundation

/// A started `engine-store-probe`.
final class Probe {
    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private let input = Pipe()

    /// Beside the test bundle, where SwiftPM puts executables.
    static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("engine-store-probe").path
    /// Whether it is there.
    static let exists = FileManager.default.isExecutableFile(atPath: path)

    /// Whether a double of the file functions can be put in front of the system's.
    static let canPreload = exists && DoubleLibrary.compiler != nil

    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = input
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }

    func kill() { Foundation.kill(pid, SIGKILL) }

    /// Waits for the first line of output.
    func firstLine() -> String {
        var bytes: [UInt8] = []
        while let byte = output.fileHandleForReading.readData(ofLength: 1).first, byte != UInt8(ascii: "\n") {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What the process came to. `status` is negative, a signal's number, if it was killed.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
        var lastLine: String { output.split(separator: "\n").last.map(String.init) ?? "" }
    }

    /// Waits for the end. Both outputs are far smaller than a pipe.
    func wait() -> Outcome {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let problems = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let isKilled = process.terminationReason == .uncaughtSignal
        return Outcome(
            status: isKilled ? -process.terminationStatus : process.terminationStatus, output: text, errors: problems)
    }
}
