import Foundation
import Testing

@testable import NativeLibraries
@testable import ONNXRuntime

/// Files that tests need and that may be missing.
enum TestDependencies {
    static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let folder: URL =
        ProcessInfo.processInfo.environment["ARCFACE_TEST_DEPS"].map { URL(filePath: $0) }
        ?? packageRoot.appending(path: ".deps/files")

    static let data: URL =
        ProcessInfo.processInfo.environment["ARCFACE_TEST_DATA"].map { URL(filePath: $0) }
        ?? packageRoot.deletingLastPathComponent().appending(path: "shared/data")

    static let libraryFolder = folder.appending(path: "onnxruntime/capi").path
    static let arcFaceModel = data.appending(path: "models/w600k_mbf.onnx").path

    static let hasLibrary = !FilePaths.matches(for: ["libonnxruntime.so"], in: libraryFolder).isEmpty
    static let hasCUDA = FilePaths.exists(libraryFolder + "/libonnxruntime_providers_cuda.so")
    static let hasArcFaceModel = FilePaths.exists(arcFaceModel)

    static let libraryMissing: Comment = "needs libonnxruntime.so.* under ARCFACE_TEST_DEPS/onnxruntime/capi"
    static let modelMissing: Comment = "needs models/w600k_mbf.onnx under ARCFACE_TEST_DATA"

    static func library(
        logHandler: @escaping ONNXRuntimeLogHandler = { _ in }
    ) throws(ONNXRuntimeError) -> ONNXRuntimeLibrary {
        try ONNXRuntimeLibrary(
            search: .onnxRuntime(path: libraryFolder, source: "the test"), logHandler: logHandler)
    }

    static func session(
        _ model: [UInt8], name: String = "test", library: ONNXRuntimeLibrary? = nil,
        options change: (inout SessionOptions) -> Void = { _ in }
    ) throws -> ONNXRuntimeSession {
        var options = SessionOptions(name: name)
        change(&options)
        let library = try library ?? Self.library()
        return try model.withUnsafeBytes { bytes in
            try ONNXRuntimeSession(model: bytes, options: options, library: library)
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
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            Issue.record(error)
        }
    }

    /// Writes a file, with its folders, and gives its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}

extension TensorView {
    /// A copy of the elements; nil when they are of another type.
    func array<Element: TensorElement>(of type: Element.Type) -> [Element]? {
        elements(as: type).map { Array($0) }
    }
}
