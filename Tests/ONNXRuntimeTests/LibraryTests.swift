import Foundation
import Testing

@testable import NativeLibraries
@testable import ONNXRuntime

struct LibraryTests {
    @Test(.enabled(if: TestDependencies.hasLibrary, TestDependencies.libraryMissing))
    func theLibraryTellsItsVersionAndProviders() throws {
        let library = try TestDependencies.library()
        #expect(library.path.contains("libonnxruntime.so"))
        #expect(library.path.hasPrefix("/"))
        #expect(library.version.split(separator: ".").count == 3)
        #expect(library.availableProviders.contains("CPUExecutionProvider"))
    }

    @Test func anExplicitPathThatDoesNotWorkIsNeverReplacedByAnother() throws {
        let error = #expect(throws: ONNXRuntimeError.self) {
            try ONNXRuntimeLibrary(
                search: .onnxRuntime(path: "/nowhere/libonnxruntime.so", source: "onnxruntime.library_path in p.yaml"),
                logHandler: { _ in })
        }
        #expect(error?.code == .libraryUnavailable)
        #expect(error?.nativeLibraryError?.attempts.count == 1)
        let line = error?.description ?? ""
        #expect(line.contains("onnxruntime.library_path in p.yaml") && line.contains("/nowhere/libonnxruntime.so"))
        #expect(line.contains("pip install onnxruntime") && !line.contains("\n"))
    }

    @Test func anotherSharedLibraryIsNotTakenForONNXRuntime() throws {
        let error = #expect(throws: ONNXRuntimeError.self) {
            try ONNXRuntimeLibrary(search: .onnxRuntime(path: anySystemLibrary()), logHandler: { _ in })
        }
        #expect(error?.code == .libraryUnavailable)
        #expect(error?.description.contains("OrtGetApiBase") == true)
    }

    @Test func aFileThatIsNoLibraryIsRefusedWithTheLoadersWords() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("plain text", to: "libonnxruntime.so")
        let error = #expect(throws: ONNXRuntimeError.self) {
            try ONNXRuntimeLibrary(search: .onnxRuntime(path: file), logHandler: { _ in })
        }
        #expect(error?.nativeLibraryError?.attempts.first?.place == file)
        #expect(error?.nativeLibraryError?.attempts.first?.outcome.isEmpty == false)
    }
}

/// The path of a library that every process here has: the C library.
func anySystemLibrary() throws -> String {
    try NativeLibrary(opening: "libc.so.6").path
}
