import FaceImages
import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite("The output of a job")
struct EmbeddingOutputTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "arcface-\(UUID().uuidString)").path
    private var path: String { folder + "/out.npz" }
    private let names = ["a.jpg", "b \"quoted\"\n.jpg", "c.jpg"]

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func result(_ index: Int, faces: Int) -> InputResult {
        InputResult(
            index: index, image: names[index], size: nil,
            faces: (0..<faces).map {
                EmbeddedFace(
                    box: FaceBox(x: 1, y: 2, width: 3, height: 4), landmarks: .arcFaceTemplate, score: 0.5,
                    norm: Float($0), embedding: [Float(index), Float($0)], crop: FaceBatch())
            }, failures: faces == 0 ? [InputFailure(code: "noFace", message: "\(names[index]): none")] : [])
    }

    private func open(_ identity: String = "x", inputs: [String]? = nil, resume: Bool) throws -> EmbeddingOutput {
        try EmbeddingOutput(path: path, width: 2, identity: identity, inputs: inputs ?? names, resume: resume)
    }

    private func code(of body: () throws -> Void) -> ArcFaceError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ArcFaceError)?.code
        }
    }

    @Test func `continues after the last input that is whole`() throws {
        let first = try open(resume: false)
        try first.append(result(0, faces: 2))
        try first.append(result(1, faces: 0))
        try first.flush()
        // A crash in the middle of the third input: half a line in the journal, a row too many in an array.
        for (file, bytes) in [("rows.jsonl", Array("{\"row\":2,\"ima".utf8)), ("embeddings.bin", [1, 2, 3])] {
            let handle = try #require(FileHandle(forWritingAtPath: path + ".partial/" + file))
            handle.seekToEndOfFile()
            handle.write(Data(bytes))
        }
        let second = try open(resume: true)
        #expect(second.completedInputs == 2)
        #expect(second.rows == 2)
        try second.append(result(2, faces: 1))
        try second.publish(complete: true)
        let lines = try String(contentsOfFile: path + ".jsonl", encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[3].hasPrefix("{\"row\":2,\"image\":\"c.jpg\",\"image_index\":2,"))
        #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
        #expect(try EmbeddingOutput.isComplete(path: path, inputs: names))
    }

    @Test func `an input with a line missing is done again`() throws {
        let first = try open(resume: false)
        try first.append(result(0, faces: 1))
        try first.append(result(1, faces: 2))
        try first.flush()
        let journal = path + ".partial/rows.jsonl"
        let lines = try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n")
        try (lines.dropLast().joined(separator: "\n") + "\n").write(toFile: journal, atomically: true, encoding: .utf8)
        let second = try open(resume: true)
        #expect(second.completedInputs == 1)
        #expect(second.rows == 1)
    }

    @Test func `another job's folder is refused`() throws {
        let first = try open(resume: false)
        try first.append(result(0, faces: 1))
        try first.flush()
        #expect(code { _ = try open("y", resume: true) } == .resumeMismatch)
        #expect(code { _ = try open(inputs: ["z.jpg"], resume: true) } == .resumeMismatch)
        #expect(code { _ = try open(inputs: [], resume: true) } == .resumeMismatch)
        #expect(code { _ = try open(resume: true) } == nil)
    }

    @Test func `an array that lost bytes is refused`() throws {
        let first = try open(resume: false)
        try first.append(result(0, faces: 2))
        try first.flush()
        try Data([1, 2]).write(to: URL(fileURLWithPath: path + ".partial/norms.bin"))
        #expect(code { _ = try open(resume: true) } == .resumeMismatch)
    }

    @Test func `without resume an old folder is discarded`() throws {
        let first = try open(resume: false)
        try first.append(result(0, faces: 2))
        try first.flush()
        #expect(try open("y", resume: false).completedInputs == 0)
    }

    @Test func `a suffix that names no format is refused`() {
        for path in ["a.csv", "npz", "dir.npz/a", ""] {
            #expect(code { _ = try OutputFormat(path: path) } == .outputUnwritable, "\(path)")
        }
    }

    @Test func `an archive's headers are what NumPy writes`() {
        let header = NPYHeader.bytes(type: "<f4", shape: [7, 512])
        #expect(header.count % 64 == 0)
        #expect(Array(header.prefix(10)) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.count - 10), 0])
        let text = String(decoding: header.dropFirst(10), as: UTF8.self)
        #expect(text.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (7, 512), }"))
        #expect(text.hasSuffix("\n"))
        #expect(String(decoding: NPYHeader.bytes(type: "<i8", shape: [3]), as: UTF8.self).contains("(3,)"))
    }
}
