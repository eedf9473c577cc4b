import Foundation
import Glibc
import Testing

@testable import PyTorchReference

/// Our worker in a real Python, with a torch that is made up.
@Suite("The worker", .enabled(if: FakePython.exists, "no \(FakePython.python)"))
struct WorkerTests {
    /// Enough of torch, onnx and onnx2torch to be found.
    private static let modules = [
        "onnx": "", "onnx2torch": "",
        "torch": """
        __version__ = '9.9'
        class version: cuda = None
        class cuda:
            is_available = staticmethod(lambda: False)
            device_count = staticmethod(lambda: 0)
        def set_num_threads(count): pass
        def set_grad_enabled(value): pass
        class device:
            def __init__(self, name): self.type = name
        def load(file, weights_only=False): pass
        """,
    ]

    private func failure(
        of network: PyTorchNetwork = .any(), torch: String = "", _ change: (inout [String: String]) -> Void = { _ in }
    ) throws -> PyTorchError? {
        var modules = Self.modules
        modules["torch", default: ""] += "\n" + torch
        change(&modules)
        let python = try FakePython(modules: modules)
        let error = #expect(throws: PyTorchError.self) {
            try PyTorchReference(network, surroundings: python.surroundings)
        }
        #expect(error?.description.contains("\n") == false)
        return error
    }

    @Test func `tells what its Python has`() throws {
        let python = try FakePython(modules: Self.modules)
        let found = try PythonSearch(surroundings: python.surroundings).facts()
        #expect(found.path == python.program)
        #expect(found.facts.modules == ["torch", "onnx", "onnx2torch"])
        #expect((found.facts.torch, found.facts.cudaBuild, found.facts.gpus) == ("9.9", nil, []))
        #expect(found.facts.weightsOnly && !found.facts.compile)
    }

    @Test func `isn't disturbed by libraries that print or read`() throws {
        var modules = Self.modules
        modules["torch"]? += "\nimport os, sys\nprint('hello'); os.write(1, b'there'); assert sys.stdin.read() == ''"
        let python = try FakePython(modules: modules)
        #expect(try PythonSearch(surroundings: python.surroundings).facts().facts.torch == "9.9")
    }

    @Test func `without torch names the command that installs it`() throws {
        let error = try failure { $0 = [:] }
        #expect(error?.code == .torchMissing)
        #expect(error?.mend == "install it there: pip install torch")
    }

    @Test func `without onnx2torch names the command that installs it, without another torch`() throws {
        let error = try failure { $0["onnx2torch"] = nil }
        #expect(error?.code == .converterMissing)
        #expect(error?.what == "has torch but not onnx2torch")
        #expect(error?.mend == "pip install --no-deps onnx2torch")
    }

    @Test func `with a torch that can't be imported gives its words`() throws {
        let error = try failure(torch: "raise OSError('libcudart.so.12: cannot open shared object file')")
        #expect(error?.code == .torchBroken)
        #expect(error?.what == "importing torch failed: OSError: libcudart.so.12: cannot open shared object file")
    }

    @Test func `with a torch that crashes is told what it was doing`() throws {
        let error = try failure(torch: "import os; os.kill(os.getpid(), 11)")
        #expect(error?.code == .died)
        #expect(error?.what.hasPrefix("the process crashed (SIGSEGV) while loading the network") == true)
    }

    @Test func `asked for a GPU tells a torch without CUDA from a machine without a GPU`() throws {
        let without = try failure(of: .any(device: "cuda"))
        #expect(without?.code == .cudaMissing)
        #expect(without?.what == "torch 9.9 was built without CUDA")
        let with = try failure(of: .any(device: "cuda"), torch: "version.cuda = '12.8'")
        #expect(with?.code == .cudaMissing)
        #expect(with?.what == "torch 9.9 (CUDA 12.8) finds no GPU")
    }

    @Test(arguments: ["fp16", "compile-fp16"])
    func `refuses float16 on a CPU by name`(mode: String) throws {
        let error = try failure(of: .any(mode: mode))
        #expect(error?.code == .modeUnsupported)
        #expect(error?.what.hasPrefix("the mode \(mode) needs a GPU") == true)
    }

    @Test func `refuses to compile with a torch that can't`() throws {
        let error = try failure(
            of: .any(device: "cuda", mode: "compile-fp16"),
            torch: "version.cuda = '11.7'\ncuda.is_available = lambda: True")
        #expect(error?.code == .modeUnsupported)
        #expect(error?.what == "the mode compile-fp16 needs torch 2, and this is 9.9")
    }

    @Test func `reads no checkpoint with a torch that would run what is in it`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "checkpoint-\(UUID())")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let source = PyTorchNetwork.Source.checkpoint(
            path: file.path, architecture: "r18", color: "rgb", mean: 127.5, scale: 127.5)
        let network = PyTorchNetwork(source: source, device: "cpu", mode: "fp32", capacity: 1, threads: 1)
        let error = try failure(of: network, torch: "def load(file): raise SystemExit('was run')")
        #expect(error?.code == .torchTooOld)
    }

    @Test func `that fails in a way nobody thought of tells the exception`() throws {
        let error = try failure {
            $0["onnx"] = "def load_model_from_string(data): raise ValueError('no\\n such\\n thing')"
        }
        #expect(error?.code == .modelUnusable)
        #expect(error?.what == "onnx2torch can't convert the graph: ValueError: no such thing")
    }

    @Test func `ends with its parent's end of the socket`() throws {
        let python = try FakePython(modules: Self.modules)
        let process = try PythonProcess(python.program, surroundings: python.surroundings, log: { _ in })
        let identifier = process.identifier
        #expect(Glibc.kill(identifier, 0) == 0)
        process.end()
        #expect(Glibc.kill(identifier, 0) != 0)
        let error = #expect(throws: PyTorchError.self) { try process.facts(limit: 5) }
        #expect(error?.code == .died)
    }
}
