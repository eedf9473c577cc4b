import Testing

@testable import ArcFaceTensorRT

struct NamedRuntimeTests {
    @Test(arguments: [
        ("onnxruntime", NamedRuntime(.onnxRuntime)),
        ("tensorrt:fp16", NamedRuntime(.tensorRT, precision: .fp16)),
        (
            "onnxruntime:int8@models/a@b.onnx",
            NamedRuntime(.onnxRuntime, precision: .int8, source: .model("models/a@b.onnx"))
        ),
        ("auto@data/x.plan", NamedRuntime(.auto, source: .engine("data/x.plan"))),
    ])
    func `a name says backend, precision and file`(text: String, expected: NamedRuntime) throws {
        let named = try NamedRuntime(parsing: text)
        #expect(named == expected)
        #expect(named.name == text)
    }

    @Test(arguments: [
        ("torch", "'torch' is no runtime"), ("", "'' is no runtime"), ("onnxruntime:fp8", "'fp8' is no precision"),
        ("onnxruntime@", "no file stands behind '@'"),
    ])
    func `a wrong name is refused with what may stand there`(text: String, reason: String) {
        let error = #expect(throws: ArcFaceError.self) { try NamedRuntime(parsing: text) }
        #expect(error?.code == .configuration && error?.description.contains(reason) == true)
    }

    @Test func `a named model brings its own name and leaves everything else alone`() throws {
        var base = ArcFaceConfiguration()
        base.embedding.fallback = .onnxRuntime
        let named = NamedRuntime(.onnxRuntime, precision: .fp16, source: .model("models/my model.onnx"))
        var expected = base
        expected.embedding.backend = .onnxRuntime
        expected.onnxRuntime.precision = .fp16
        expected.tensorRT.precision = .fp16
        expected.tensorRT.onnxPath = "models/my model.onnx"
        expected.tensorRT.modelName = "my-model"
        #expect(try named.configuration(from: base) == expected)
        #expect(try NamedRuntime().configuration(from: base) == base)
    }

    @Test func `pytorch in fp32 is strict, and has no int8`() throws {
        var base = ArcFaceConfiguration()
        base.pyTorch.mode = .tf32
        #expect(try NamedRuntime(.pyTorch, precision: .fp32).configuration(from: base).pyTorch.mode == .fp32)
        #expect(try NamedRuntime(.pyTorch).configuration(from: base).pyTorch.mode == .tf32)
        #expect(throws: ArcFaceError.self) { try NamedRuntime(.pyTorch, precision: .int8).configuration(from: base) }
    }

    @Test(arguments: [
        ("pytorch:tf32", PyTorchMode.tf32), ("pytorch:compile-fp16", .compileFP16), ("pytorch:fp16", .fp16),
    ])
    func `pytorch's modes are named like precisions`(text: String, mode: PyTorchMode) throws {
        let named = try NamedRuntime(parsing: text)
        #expect(named.name == text)
        #expect(try named.configuration(from: ArcFaceConfiguration()).pyTorch.mode == mode)
        #expect(throws: ArcFaceError.self) { try NamedRuntime(parsing: "pytorch:bf16") }
        #expect(throws: ArcFaceError.self) { try NamedRuntime(parsing: "onnxruntime:tf32") }
    }

    @Test func `what is measured doesn't change under way`() throws {
        var base = ArcFaceConfiguration()
        base.embedding.autoBuild = .background
        #expect(try NamedRuntime(.auto).configuration(from: base).embedding.autoBuild == .foreground)
    }

    @Test func `while NVIDIA's libraries are switched off, only runtimes without them can be named`() throws {
        var base = ArcFaceConfiguration()
        base.isEnabled = false
        #expect(throws: ArcFaceError.self) { try NamedRuntime(.tensorRT).configuration(from: base) }
        #expect(throws: ArcFaceError.self) { try NamedRuntime(source: .engine("a.plan")).load(base) }
        #expect(try NamedRuntime(.auto).configuration(from: base).isEnabled == false)
        // The rollback's fallback must not run in place of what was named.
        #expect(try NamedRuntime(.onnxRuntime).configuration(from: base).isEnabled)
    }
}
