import Foundation
import Logging
import NativeLibraries
import Synchronization
import TensorRT

/// Which double: `TensorRT 10.3.0` and the like.
struct DoubleKind: Sendable, CustomStringConvertible {
    /// As `build.sh` takes it.
    var family: String
    /// As `getInferLibVersion` says it.
    var version: Int
    var isRunOnly = false

    var description: String { "\(family)/\(version)\(isRunOnly ? " run-only" : "")" }
    var isRTX: Bool { family == "rtx" }

    static let v8 = DoubleKind(family: "8", version: 8601)
    static let v10 = DoubleKind(family: "10", version: 100_300)
    static let v11 = DoubleKind(family: "11", version: 110_100)
    static let rtx = DoubleKind(family: "rtx", version: 10_701)
    static let all = [v8, v10, v11, rtx]

    private static let built = Mutex<[String: Result<URL, any Error>]>([:])

    /// The folder with the built libraries, made once in this process.
    func folder() throws -> URL {
        try Self.built.withLock { built in
            if let known = built[description] { return known }
            let sources = TestFiles.packageRoot.appending(path: "Tests/Doubles/tensorrt")
            let arguments = [family, "\(version)", "OUT", isRunOnly ? "run-only" : "full"]
            let outcome = Result { try DoubleLibrary(sources: sources, arguments: arguments).folder() }
            built[description] = outcome
            return outcome
        }.get()
    }
}

/// How a call of the double fails.
enum Failing: Int32, CaseIterable {
    case refuse, throwing, badPointer
}

/// A copy of a double in a folder of its own, so that it's loaded apart from others and its state is its own.
final class DoubleTensorRT {
    let kind: DoubleKind
    let folder: TemporaryFolder
    let log: RecordedLog
    private let control: NativeLibrary

    init(_ kind: DoubleKind, logLevel: Logger.Level = .debug) throws {
        self.kind = kind
        folder = try TemporaryFolder()
        log = RecordedLog(level: logLevel)
        let built = try kind.folder()
        for name in try FileManager.default.contentsOfDirectory(atPath: built.path) where name.contains(".so") {
            try FileManager.default.copyItem(at: built.appending(path: name), to: folder.url.appending(path: name))
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let main = names.first { !$0.contains("parser") } ?? ""
        control = try NativeLibrary(opening: folder.url.appending(path: main).path)
    }

    var search: LibrarySearch {
        kind.isRTX
            ? .tensorRTRTX(path: folder.path, source: "the test") : .tensorRT(path: folder.path, source: "the test")
    }

    /// The product's view of it.
    func library() throws -> TensorRTLibrary {
        try TensorRTLibrary.load(search, logger: log.logger)
    }

    /// A driver with one GPU, as far as the product is concerned.
    static let driver = DriverState.present(cudaVersion: 13_000, devices: 1)

    private func number(_ symbol: String) throws -> Int {
        let address = try control.symbol(symbol)
        return Int(unsafeBitCast(address, to: (@convention(c) () -> Int64).self)())
    }

    private func text(_ symbol: String) throws -> String {
        let address = try control.symbol(symbol)
        return String(cString: unsafeBitCast(address, to: (@convention(c) () -> UnsafePointer<CChar>).self)())
    }

    /// Objects that haven't been destroyed.
    func live() throws -> Int { try number("double_live") }
    /// Calls to slots that nobody should call.
    func traps() throws -> Int { try number("double_traps") }
    /// Calls since the last `fail`.
    func calls() throws -> Int { try number("double_calls") }
    /// Settings and runs, one a line.
    func journal() throws -> [String] { try text("double_journal").split(separator: "\n").map(String.init) }
    /// The method that was made to fail; empty when none was.
    func failed() throws -> String { try text("double_failed") }

    /// Makes the call with this number fail, counted from now on; 0 makes none fail.
    func fail(at call: Int, _ how: Failing) throws {
        let address = try control.symbol("double_fail")
        unsafeBitCast(address, to: (@convention(c) (Int64, Int32) -> Void).self)(Int64(call), how.rawValue)
    }

    func say(_ severity: TensorRTLogSeverity, _ message: String) throws {
        let address = try control.symbol("double_log")
        unsafeBitCast(address, to: (@convention(c) (Int32, UnsafePointer<CChar>) -> Void).self)(
            severity.rawValue, message)
    }
}
