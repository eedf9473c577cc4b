import Foundation
import Synchronization

/// Doubles of native libraries, built from the sources under `Tests/Doubles` when a test first needs them, and kept in the
/// temporary folder for each state of the sources.
struct BuiltDouble: Hashable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// The folder under `Tests/Doubles`.
    var name: String
    /// A bash script's text; `$1` is the folder of sources, `$2` the one to write to.
    var script: String

    static let cuda = BuiltDouble(
        name: "cuda", script: compile("-fvisibility=hidden", "\"$1\"/*.cpp -o \"$2\"/libcuda.so.1"))
    static let nvrtc = BuiltDouble(
        name: "nvrtc", script: compile("-fvisibility=hidden", "\"$1\"/*.cpp -o \"$2\"/libnvrtc.so.13"))
    static let bridge = BuiltDouble(
        name: "stream-bridge", script: compile("-fvisibility=hidden", "\"$1\"/*.cpp -o \"$2\"/libbridge.so"))

    static func tensorRT(_ kind: DoubleKind) -> BuiltDouble {
        BuiltDouble(name: "tensorrt", script: "bash \"$1\"/build.sh \(kind.family) \(kind.version) \"$2\"")
    }

    /// What keeps doubles from being built here; nil when nothing does.
    static let obstacle: String? = {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        func has(_ program: String) -> Bool {
            path.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
        }
        let compiler = has("clang++") || has("g++")
        return compiler && has("bash") && has("python3")
            ? nil : "needs bash, python3 and clang++ or g++ on PATH to build doubles"
    }()

    private static let doubles = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Doubles")
    private static let built = Mutex<[BuiltDouble: Result<URL, any Error>]>([:])

    private static func compile(_ flags: String, _ rest: String) -> String {
        "$(command -v clang++ || command -v g++) -std=c++17 -O1 -g -shared -fPIC -pthread -w \(flags) \(rest)"
    }

    /// The folder with the built libraries, which nobody may change.
    func folder() throws -> URL {
        try Self.built.withLock { built in
            if let known = built[self] { return known }
            let outcome = Result { try build() }
            built[self] = outcome
            return outcome
        }.get()
    }

    private func build() throws -> URL {
        let sources = Self.doubles.appending(path: name)
        let parent = FileManager.default.temporaryDirectory.appending(path: "arcface-doubles")
        let finished = parent.appending(path: "facade-\(name)-\(String(try digest(of: sources), radix: 16))")
        if FileManager.default.fileExists(atPath: finished.path) { return finished }
        let draft = parent.appending(path: "draft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: draft) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["bash", "-c", script, "bash", sources.path, draft.path]
        let complaints = Pipe()
        process.standardError = complaints
        try process.run()
        let text = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: "\(name): \(text)") }
        do {
            try FileManager.default.moveItem(at: draft, to: finished)
        } catch  where FileManager.default.fileExists(atPath: finished.path) {
            // Another process was quicker; its build is the same.
        }
        return finished
    }

    /// FNV-1a over the script and all sources, also those that others include.
    private func digest(of sources: URL) throws -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ bytes: some Sequence<UInt8>) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        add(script.utf8)
        for name in try FileManager.default.subpathsOfDirectory(atPath: sources.path).sorted() {
            guard let data = FileManager.default.contents(atPath: sources.appending(path: name).path) else { continue }
            add(name.utf8)
            add(data)
        }
        return hash
    }
}

/// Which double of TensorRT.
struct DoubleKind: Hashable, Sendable, CustomStringConvertible {
    /// As `build.sh` takes it.
    var family: String
    /// As `getInferLibVersion` says it.
    var version: Int

    var description: String { "\(family)/\(version)" }
    var isRTX: Bool { family == "rtx" }

    static let v8 = DoubleKind(family: "8", version: 8601)
    static let v10 = DoubleKind(family: "10", version: 100_300)
    static let v11 = DoubleKind(family: "11", version: 110_100)
    static let rtx = DoubleKind(family: "rtx", version: 10_701)
    static let all = [v8, v10, v11, rtx]
}
