import Digests
import Foundation

/// A test double written in C++: compiled once for each state of its source, into the temporary folder.
enum DoubleLibrary {
    /// The compiler found on PATH.
    static let compiler: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return ["clang++", "g++"].lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    struct CompileFailure: Error {
        var messages: String
    }

    /// The shared library made of `Tests/Doubles/<folder>/<file>`.
    static func path(_ folder: String, _ file: String) throws -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let source = tests.appendingPathComponent("Doubles/\(folder)/\(file)").path
        let digest = try Digest.of(file: source)
        let library = NSTemporaryDirectory() + "/arcface-double-\(folder)-\(digest.short).so"
        if FileManager.default.fileExists(atPath: library) { return library }
        let unfinished = "\(library).\(getpid())"
        let process = Process()
        let messages = Pipe()
        process.executableURL = URL(fileURLWithPath: compiler ?? "/usr/bin/c++")
        process.arguments = ["-shared", "-fPIC", "-std=c++17", "-O1", "-o", unfinished, source, "-ldl"]
        process.standardError = messages
        try process.run()
        let text = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0, rename(unfinished, library) == 0 else {
            throw CompileFailure(messages: text)
        }
        return library
    }
}
