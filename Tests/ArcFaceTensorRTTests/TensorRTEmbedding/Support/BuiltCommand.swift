import Foundation

/// The command, built beside the tests.
enum BuiltCommand {
    static let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "arcface-tensorrt")
    static let exists = FileManager.default.isExecutableFile(atPath: url.path)
}
