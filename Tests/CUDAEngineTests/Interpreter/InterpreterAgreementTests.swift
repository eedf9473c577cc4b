import CUDAEngine
import ONNXModel
import Testing

/// The plan's own arithmetic against ONNX Runtime in float32.
@Suite(.enabled(if: TestFiles.hasONNXRuntime, TestFiles.noONNXRuntime))
struct InterpreterAgreementTests {
    /// What each element must reach: float32 differs by the order of additions alone.
    private static let least: [PlanValue.Element: Double] = [.float16: 0.9999, .float32: 0.9999999]

    private func lowestCosine(
        _ model: PreparedModel, faces count: Int, _ element: PlanValue.Element
    ) throws -> Double {
        let faces = SyntheticFaces.make(count)
        let compiler = EngineCompiler(
            target: KernelTarget(try KernelArchitecture(80)), batches: [count], element: element)
        let result = try compiler.compile(try EngineCompiler.network(of: model))
        var interpreter = try PlanInterpreter(result.plan, weights: result.weights)
        let found = try interpreter.embed(faces, bucket: 0)
        let expected = try ReferenceEmbeddings.of(faces, model)
        let width = model.embeddingWidth
        return (0..<count).map { row in
            cosine(found[row * width..<(row + 1) * width], expected[row * width..<(row + 1) * width])
        }.min() ?? 0
    }

    @Test(
        .enabled(if: TestFiles.exists(TestFiles.mobileFaceNet), "w600k_mbf.onnx is not there"),
        arguments: least)
    func mobileFaceNetAgrees(element: PlanValue.Element, least: Double) throws {
        let model = try FaceModel.prepare(path: TestFiles.mobileFaceNet, preprocessing: nil, target: .reference)
        let lowest = try lowestCosine(model, faces: 2, element)
        #expect(lowest >= least)
        print("MobileFaceNet in \(element): cosine ≥ \(lowest)")
    }

    @Test(.enabled(if: TestFiles.exists(TestFiles.sface), "SFace is not installed"), arguments: least)
    func sfaceAgrees(element: PlanValue.Element, least: Double) throws {
        let model = try FaceModel.prepare(path: TestFiles.sface, preprocessing: nil, target: .reference)
        let lowest = try lowestCosine(model, faces: 2, element)
        #expect(lowest >= least)
        print("SFace in \(element): cosine ≥ \(lowest)")
    }

    @Test(
        .enabled(if: TestFiles.hasPython, TestFiles.noPython),
        arguments: [(18, false), (18, true), (50, false), (50, true)])
    func iresnetAgrees(depth: Int, isFolded: Bool) throws {
        let model = try IResNet.prepared(depth: depth, isFolded: isFolded)
        for (element, least) in Self.least {
            let lowest = try lowestCosine(model, faces: depth == 18 ? 2 : 1, element)
            #expect(lowest >= least, "\(element)")
            print("IResNet-\(depth)\(isFolded ? ", folded" : "") in \(element): cosine ≥ \(lowest)")
        }
    }
}
