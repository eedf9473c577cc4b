import Foundation

/// Builds doubles of native libraries with the machine's C++ compiler, once for each state of their sources.
struct DoubleLibrary {
    /// The folder of sources, which holds `build.sh`.
    var sources: URL
    /// Arguments of `build.sh`; it gets the folder to write to in place of `OUT`.
    var arguments: [String]

    private static let needed = ["bash", "python3"]
    private static let compilers = ["clang++", "g++"]

    static let canBuild = needed.allSatisfy(isOnPath) && compilers.contains(where: isOnPath)
    static let cannotBuild = "needs bash, python3 and clang++ or g++ on PATH to build doubles"

    struct BuildFailed: Error, CustomStringConvertible {
        var description: String
    }

    /// The folder with the built libraries, which nobody may change.
    func folder() throws -> URL {
        let parent = FileManager.default.temporaryDirectory.appending(path: "arcface-doubles")
        let finished = parent.appending(path: "\(try digest())-\(arguments.joined(separator: "-"))")
        if FileManager.default.fileExists(atPath: finished.path) { return finished }
        let draft = parent.appending(path: "draft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: draft) }
        try run(into: draft)
        do {
            try FileManager.default.moveItem(at: draft, to: finished)
        } catch  where FileManager.default.fileExists(atPath: finished.path) {
            // Another process was quicker; its build is the same.
        }
        return finished
    }

    private func run(into folder: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["bash", sources.appending(path: "build.sh").path]
            + arguments.map { $0 == "OUT" ? folder.path : $0 }
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BuildFailed(description: "\(arguments): \(String(decoding: output, as: UTF8.self))")
        }
    }

    /// FNV-1a over the compiler's further flags and the names and contents of all sources.
    private func digest() throws -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in (ProcessInfo.processInfo.environment["ARCFACE_DOUBLE_FLAGS"] ?? "").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let names = try FileManager.default.subpathsOfDirectory(atPath: sources.path).sorted()
        for name in names {
            var isFolder: ObjCBool = false
            let file = sources.appending(path: name)
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue
            else { continue }
            for byte in try Data(contentsOf: file) + Data(name.utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return String(hash, radix: 16)
    }

    private static func isOnPath(_ program: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }
}

/// A folder of its own for one test, gone with it.
final class TemporaryFolder {
    let url: URL
    var path: String { url.path }

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "arcface-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
