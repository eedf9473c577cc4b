import Foundation

/// A double of a native library, compiled from C++ under `Tests/Doubles` when a test first needs it and kept in the
/// temporary folder under a digest of its sources.
struct DoubleLibrary {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// The folder of sources under `Tests/Doubles`; every `.cpp` of it is compiled.
    var name: String
    /// The file name that the library has to have.
    var fileName: String
    /// Further arguments, such as `-DcuMemHostAlloc=hidden`.
    var arguments: [String] = []

    /// What keeps doubles from being compiled here; nil when nothing does.
    static let obstacle: String? = compiler == nil ? "no clang++ or g++ on PATH to compile the doubles with" : nil

    static let doublesFolder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Doubles")

    private static let compiling = NSLock()
    private static let compiler = ["clang++", "g++"].lazy.compactMap(findOnPath).first

    /// The compiled library, one file for everyone.
    func build() throws -> URL {
        guard let compiler = Self.compiler else { throw Failure(description: Self.obstacle ?? "") }
        // A build with a sanitizer wants the doubles with it too.
        let arguments =
            self.arguments
            + (ProcessInfo.processInfo.environment["ARCFACE_DOUBLE_FLAGS"] ?? "").split(separator: " ").map(String.init)
        let folder = Self.doublesFolder.appending(path: name)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { ["cpp", "h"].contains($0.pathExtension) }
            .sorted { $0.path() < $1.path() }
        var digest = Digest()
        for argument in [compiler] + arguments { digest.add(Data(argument.utf8)) }
        for file in files { digest.add(try Data(contentsOf: file)) }
        let kept = FileManager.default.temporaryDirectory
            .appending(path: "arcface-doubles/\(name)-\(String(digest.value, radix: 16))")
        let library = kept.appending(path: fileName)
        // Tests run side by side: the first compiles, the others wait for it.
        Self.compiling.lock()
        defer { Self.compiling.unlock() }
        if FileManager.default.fileExists(atPath: library.path()) { return library }
        try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: true)
        // Other processes may build the same at the same moment: whoever is done last replaces an equal file.
        let partial = kept.appending(path: "\(fileName).\(UUID().uuidString)")
        let flags = ["-std=c++17", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread", "-w"]
        let sources = files.filter { $0.pathExtension == "cpp" }.map { $0.path() }
        // g++ marks some symbols as one for the whole process, which would join the copies' states.
        let unique = compiler.hasSuffix("g++") && !compiler.hasSuffix("clang++") ? ["-fno-gnu-unique"] : []
        try Self.run(compiler, flags + unique + arguments + sources + ["-o", partial.path()])
        guard rename(partial.path(), library.path()) == 0 else { throw Failure(description: "can't keep \(library)") }
        return library
    }

    /// A copy of the compiled library in a folder of its own, so that loading it gives a state that is nobody else's.
    func copy() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "arcface-double-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let target = folder.appending(path: fileName)
        try FileManager.default.copyItem(at: try build(), to: target)
        return target
    }

    private static func findOnPath(_ program: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let complaints = Pipe()
        process.standardError = complaints
        try process.run()
        let text = complaints.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(program) failed: \(String(decoding: text, as: UTF8.self))")
        }
    }

    /// FNV-1a, to tell one state of the sources from another.
    private struct Digest {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ data: Data) {
            for byte in data { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
            value = (value ^ 0xFF) &* 0x100_0000_01b3
        }
    }
}
