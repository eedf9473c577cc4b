import Foundation
import Testing

@testable import PyTorchReference

@Suite("The search for a Python", .enabled(if: FakePython.exists, "no \(FakePython.python)"))
struct PythonSearchTests {
    private func surroundings(_ pythons: [FakePython]) -> PythonSurroundings {
        var surroundings = PythonSurroundings(helloLimit: 20)
        surroundings.candidates = ["/nowhere/python"] + pythons.map(\.program)
        surroundings.packages = []
        return surroundings
    }

    @Test func `takes the first that has all that is needed`() throws {
        let pythons = try [
            FakePython(), FakePython(script: "exit 1"), FakePython(modules: ["torch": ""]),
            FakePython(modules: ["torch": "", "onnx": "", "onnx2torch": ""]), FakePython(modules: ["torch": ""]),
        ]
        let search = PythonSearch(surroundings: surroundings(pythons))
        #expect(try search.process(having: ["torch", "onnx", "onnx2torch"]).python == pythons[3].program)
        #expect(try search.process(having: ["torch"]).python == pythons[2].program)
    }

    @Test func `tells what the first with torch lacks`() throws {
        let pythons = try [
            FakePython(), FakePython(modules: ["torch": "", "onnx": ""]), FakePython(modules: ["torch": ""]),
        ]
        let error = #expect(throws: PyTorchError.self) {
            try PythonSearch(surroundings: surroundings(pythons)).process(having: ["torch", "onnx", "onnx2torch"])
        }
        #expect(error?.code == .converterMissing)
        #expect(error?.python == pythons[1].program)
        #expect(error?.what == "has torch but not onnx2torch")
    }

    @Test func `names all that were tried`() throws {
        let pythons = try [FakePython(), FakePython()]
        let error = #expect(throws: PyTorchError.self) {
            try PythonSearch(surroundings: surroundings(pythons)).process(having: ["torch"])
        }
        #expect(error?.code == .torchMissing)
        #expect(error?.what == "no torch in \(pythons[0].program), \(pythons[1].program)")
        #expect(error?.mend == "pip install torch, or name a Python that has it: pytorch.python")
    }

    @Test func `finds modules in the folders that it is given`() throws {
        let python = try FakePython()
        let folder = FileManager.default.temporaryDirectory.appending(path: "packages-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("".utf8).write(to: folder.appending(path: "torch.py"))
        var surroundings = surroundings([python])
        surroundings.packages = [folder.path]
        #expect(try PythonSearch(surroundings: surroundings).process(having: ["torch"]).python == python.program)
    }

    @Test func `looks a bare name up on PATH, and takes each interpreter once`() {
        var surroundings = PythonSurroundings(environment: ["PATH": "/nowhere:/bin:/usr/bin"])
        surroundings.candidates = ["sh", "/bin/sh", "none", "/bin/none"]
        #expect(surroundings.interpreters == ["/bin/sh"])
        #expect(PythonSurroundings(python: "x").candidates == ["x"])
    }

    @Test func `says that the one that was named isn't there`() {
        let error = #expect(throws: PyTorchError.self) {
            try PythonSearch(surroundings: PythonSurroundings(python: "/nowhere/python")).process(having: ["torch"])
        }
        #expect(error?.code == .pythonMissing)
        #expect(error?.description == "/nowhere/python: no such program (check pytorch.python)")
    }
}
