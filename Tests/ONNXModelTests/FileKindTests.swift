import Foundation
import Testing

@testable import ONNXModel

struct FileKindTests {
    @Test(arguments: [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "git-lfs pointer"),
        ("<!DOCTYPE html><html><body>404</body></html>", "HTML page"),
        ("\n\n<html>", "HTML page"),
        ("{\"error\": \"not found\"}", "JSON"),
        ("just some words", "a text file"),
        ("PK\u{3}\u{4}rest of it", "zip archive"),
        ("GGUF\u{3}", "GGUF"),
    ])
    func aFileThatIsNoModelIsNamedForWhatItIs(content: String, expected: String) {
        let error = #expect(throws: ONNXModelError.self) { try Model.read(bytes: Array(content.utf8)) }
        #expect(error?.code == .notONNX)
        #expect(error?.description.contains(expected) == true)
    }

    @Test func anEmptyFileAndAMissingOneAndAFolderAreNamed() throws {
        try TestFiles.withTemporaryFolder { folder in
            let empty = "\(folder)/empty.onnx"
            try Data().write(to: URL(fileURLWithPath: empty))
            let emptiness = #expect(throws: ONNXModelError.self) { try Model.read(path: empty) }
            #expect(emptiness?.code == .notONNX)
            #expect(emptiness?.description.hasPrefix("\(empty): the file is empty") == true)
            let absence = #expect(throws: ONNXModelError.self) { try Model.read(path: "\(folder)/no.onnx") }
            #expect(absence?.code == .unreadableFile)
            let directory = #expect(throws: ONNXModelError.self) { try Model.read(path: folder) }
            #expect(directory?.code == .unreadableFile)
        }
    }

    @Test func anErrorInAFileNamesTheFileAndTheByte() throws {
        try TestFiles.withTemporaryFolder { folder in
            let path = "\(folder)/cut.onnx"
            try Data(SmallFace().build().serialized().prefix(900)).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: ONNXModelError.self) {
                try FaceModel.prepare(path: path, preprocessing: nil, target: .portable)
            }
            #expect(error?.code == .truncated)
            #expect(error?.location.hasPrefix("\(path), byte ") == true)
        }
    }
}
