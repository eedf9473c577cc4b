import CUDAEngine
import ONNXModel
import Testing

/// The plan's own arithmetic against ONNX Runtime in float32.
@Suite(.enabled(if: TestFiles.hasONNXRuntime, TestFiles.noONNXRuntime))
struct InterpreterAgreementTests {
    private func lowestCosine(_ model: PreparedModel, faces count: Int, architecture: Int = 80) throws -> Double {
        let faces = SyntheticFaces.make(count)
        let compiler = EngineCompiler(target: KernelTarget(try KernelArchitecture(architecture)), batches: [count])
        let result = try compiler.compile(try EngineCompiler.network(of: model))
        var interpreter = try PlanInterpreter(result.plan, weights: result.weights)
        let found = try interpreter.embed(faces, bucket: 0)
        let expected = try ReferenceEmbeddings.of(faces, model)
        let width = model.embeddingWidth
        return (0..<count).map { row in
            cosine(found[row * width..<(row + 1) * width], expected[row * width..<(row + 1) * width])
        }.min() ?? 0
    }

    @Test(.enabled(if: TestFiles.exists(TestFiles.mobileFaceNet), "w600k_mbf.onnx is not there"))
    func mobileFaceNetAgrees() throws {
        let model = try FaceModel.prepare(path: TestFiles.mobileFaceNet, preprocessing: nil, target: .reference)
        let lowest = try lowestCosine(model, faces: 2)
        #expect(lowest >= 0.9999)
        print("MobileFaceNet: cosine ≥ \(lowest)")
    }

    @Test(.enabled(if: TestFiles.exists(TestFiles.sface), "SFace is not installed"))
    func sfaceAgrees() throws {
        let model = try FaceModel.prepare(path: TestFiles.sface, preprocessing: nil, target: .reference)
        let lowest = try lowestCosine(model, faces: 2)
        #expect(lowest >= 0.9999)
        print("SFace: cosine ≥ \(lowest)")
    }

    @Test(
        .enabled(if: TestFiles.hasPython, TestFiles.noPython),
        arguments: [(18, false), (18, true), (50, false), (50, true)])
    func iresnetAgrees(depth: Int, isFolded: Bool) throws {
        let model = try IResNet.prepared(depth: depth, isFolded: isFolded)
        let lowest = try lowestCosine(model, faces: depth == 18 ? 2 : 1)
        #expect(lowest >= 0.9999)
        print("IResNet-\(depth)\(isFolded ? ", folded" : ""): cosine ≥ \(lowest)")
    }
}
