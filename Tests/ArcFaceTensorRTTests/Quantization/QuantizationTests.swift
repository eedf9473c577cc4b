import Evaluation
import FaceImages
import Foundation
import Testing

@testable import ArcFaceTensorRT
@testable import ONNXModel

@Suite struct FaceSplitTests {
    private func faces(_ count: Int) throws -> FaceBatch {
        try FaceBatch(
            count: count, pixels: (0..<count).flatMap { [UInt8](repeating: UInt8($0), count: FaceBatch.bytesPerFace) })
    }

    @Test func everyFourthFaceIsHeldOutAndNoneIsInBothParts() throws {
        let split = try FaceSplit(try faces(18))
        #expect((0..<split.heldOut.count).map { split.heldOut[$0].first } == [3, 7, 11, 15])
        let calibration = (0..<split.calibration.count).compactMap { split.calibration[$0].first }
        #expect(calibration == [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17])
    }

    @Test func tooFewFacesAreRefusedWithTheNumberNeeded() throws {
        let few = try faces(15)
        #expect { try FaceSplit(few) } throws: { "\($0)".contains("16") }
    }

    @Test func thresholdsAreTightenedTowardsPerfection() {
        let strict = ComparisonThresholds.int8.tightened(0.9)
        #expect(abs(strict.minCosineSimilarity - 0.9955) < 1e-12)
        #expect(abs(strict.minCosineWorst - 0.982) < 1e-12)
        #expect(abs(strict.maxL2Mean - 0.0948683) < 1e-6)
    }
}

@Suite(.enabled(if: TestFiles.hasModels, "needs ONNX Runtime and the demo's photo: make deps"))
struct QuantizationTests {
    /// Three convolutions; the second gives one channel that is 300 times as large as the others and then all but ignored:
    /// one scale for all of its channels leaves nothing of the others.
    private func model(sensitive: Bool) throws -> PreparedModel {
        var generator = SeededGenerator(seed: 3)
        var model = Model()
        model.irVersion = 8
        model.operatorSets = [Model.OperatorSet(version: 17)]
        func weights(_ name: String, _ dims: [Int], _ factor: (Int) -> Float = { _ in 1 }) {
            let fan = Float(dims.dropFirst().reduce(1, *))
            let values = (0..<dims.reduce(1, *)).map { place in
                Float.random(in: -1...1, using: &generator) * (3 / fan).squareRoot() * factor(place)
            }
            model.graph.initializers.append(Tensor(name: name, dims: dims, floats: values))
        }
        func convolution(_ input: String, _ weights: String, _ output: String, stride: Int64) {
            model.graph.nodes.append(
                Node(
                    "Conv", [input, weights], [output],
                    [
                        Attribute("pads", .ints([1, 1, 1, 1])), Attribute("strides", .ints([stride, stride])),
                    ]))
        }
        func activation(_ input: String, _ output: String) {
            let slopes = (0..<16).map { _ in Float.random(in: 0.1...0.5, using: &generator) }
            model.graph.initializers.append(Tensor(name: "\(output)_slope", dims: [16, 1, 1], floats: slopes))
            model.graph.nodes.append(Node("PRelu", [input, "\(output)_slope"], [output]))
        }
        weights("w1", [16, 3, 3, 3])
        weights("w2", [16, 16, 3, 3]) { sensitive && $0 / 144 == 5 ? 300 : 1 }
        weights("w3", [16, 16, 3, 3]) { sensitive && $0 / 9 % 16 == 5 ? 1e-6 : 1 }
        weights("w4", [32, 16 * 7 * 7])
        convolution("data", "w1", "c1", stride: 4)
        activation("c1", "p1")
        convolution("p1", "w2", "c2", stride: 2)
        activation("c2", "p2")
        convolution("p2", "w3", "c3", stride: 2)
        activation("c3", "p3")
        model.graph.nodes.append(Node("Flatten", ["p3"], ["f"]))
        model.graph.nodes.append(Node("Gemm", ["f", "w4"], ["fc1"], [Attribute("transB", .int(1))]))
        model.graph.inputs = [ValueInfo("data", .float, [.named("N"), .value(3), .value(112), .value(112)])]
        model.graph.outputs = [ValueInfo("fc1", .float, [.named("N"), .value(32)])]
        return try FaceModel.prepare(model, preprocessing: nil, target: .portable)
    }

    private func run(
        _ model: PreparedModel, _ target: Int8Target, cachePath: String? = nil,
        timeLimit: Duration = .seconds(600), hooks: PreparationHooks = PreparationHooks()
    ) throws -> (model: PreparedModel, report: Int8Report) {
        let library = try BackendChoice.library(TestFiles.configuration)
        let options = Int8Preparation.Options(target: target, threads: 1, cachePath: cachePath, timeLimit: timeLimit)
        return try Int8Preparation(options, library: library, hooks: hooks).run(
            model, faces: try TestFiles.faces(count: 24))
    }

    @Test(arguments: Int8Target.allCases)
    func aHarmlessNetworkIsQuantizedWholeAndAgrees(target: Int8Target) throws {
        let (model, report) = try run(try model(sensitive: false), target)
        #expect(report.kept.isEmpty && report.rankings == 0)
        #expect(report.judgement.overall == .pass)
        #expect(report.agreement.cosineMean < 0.9999999, "a graph that isn't quantised agrees perfectly")
        #expect(model.precision == .int8)
        #expect(report.calibrationFaces == 18 && report.heldOutFaces == 6)
    }

    @Test(arguments: Int8Target.allCases)
    func aSensitiveLayerIsFoundAndStaysInFloat32(target: Int8Target) throws {
        let source = try model(sensitive: true)
        let (model, report) = try run(source, target)
        #expect(report.judgement.overall == .pass)
        // What the third takes has one scale for all channels; for ONNX Runtime so has what the second gives.
        let culprits: Set = target == .tensorrt ? ["Conv 'c3'"] : ["Conv 'c2'", "Conv 'c3'"]
        #expect(Set(report.kept.map(\.node)).isSubset(of: culprits) && !report.kept.isEmpty, "\(report.notes)")
        let kept = try #require(model.model[metadata: "arcface.fp32_values"]).split(separator: "\n")
        #expect(kept.count == report.kept.count)
        #expect(report.notes.contains { $0.text.contains("stays in float32: alone it costs") })
    }

    @Test func theSecondRunTakesKeptRangesAndMakesTheSameModel() throws {
        let folder = NSTemporaryDirectory() + "int8-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let source = try model(sensitive: true)
        let (before, after) = (Followed(), Followed())
        let first = try run(source, .onnxruntime, cachePath: folder + "/m.onnx", hooks: before.hooks())
        #expect(before.lines.contains { $0.hasPrefix("measuring") })
        #expect(before.lines.contains { $0.hasPrefix("ranking") })
        let second = try run(source, .onnxruntime, cachePath: folder + "/m.onnx", hooks: after.hooks())
        let kept = ["ranges taken from", "choice of layers taken from"]
        #expect(after.lines.count == 2 && zip(after.lines, kept).allSatisfy { $0.hasPrefix($1) }, "\(after.lines)")
        #expect(first.model.serialized() == second.model.serialized())
        #expect(first.report.kept == second.report.kept && !second.report.kept.isEmpty)
        // Other thresholds are another demand on the same ranges.
        let third = Followed()
        var options = Int8Preparation.Options(target: .onnxruntime, threads: 1, cachePath: folder + "/m.onnx")
        options.thresholds = options.thresholds.tightened(0.5)
        let library = try BackendChoice.library(TestFiles.configuration)
        _ = try Int8Preparation(options, library: library, hooks: third.hooks()).run(
            source, faces: try TestFiles.faces(count: 24))
        #expect(third.lines.contains { $0.hasPrefix("ranking") } && !third.lines.contains { $0.hasPrefix("measuring") })
    }

    @Test func aKeptChoiceThatIsNoLongerGoodEnoughIsMadeAnew() throws {
        let folder = NSTemporaryDirectory() + "int8-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let source = try model(sensitive: true)
        let first = try run(source, .onnxruntime, cachePath: folder + "/m.onnx")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        let file = URL(fileURLWithPath: folder + "/" + name)
        var content = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        var choices = try #require(content["choices"] as? [String: [String: Any]])
        for key in choices.keys { choices[key]?["kept"] = [Any]() }
        content["choices"] = choices
        try JSONSerialization.data(withJSONObject: content).write(to: file)
        let followed = Followed()
        let second = try run(source, .onnxruntime, cachePath: folder + "/m.onnx", hooks: followed.hooks())
        #expect(followed.lines.contains("it isn't good enough on this machine"))
        #expect(first.model.serialized() == second.model.serialized())
    }

    @Test func aSearchThatOutlastsItsTimeLimitSaysSoAndIsGoodEnoughAllTheSame() throws {
        let (model, report) = try run(try model(sensitive: true), .onnxruntime, timeLimit: .zero)
        #expect(report.rankings == 0 && report.judgement.overall == .pass)
        #expect(report.notes.contains { $0.text.contains("the time limit of 0 s cut the search short") })
        #expect(report.notes.contains { $0.text.contains("there was no time to look at it alone") })
        #expect(model.precision == .int8)
    }

    @Test(arguments: ["measuring", "ranking"])
    func aPreparationEndsWhenItIsToldTo(step: String) throws {
        let followed = Followed()
        let source = try model(sensitive: true)
        let error = #expect(throws: ArcFaceError.self) {
            try run(source, .onnxruntime, hooks: followed.hooks(stoppingAt: step))
        }
        #expect(error?.code == .cancelled)
        #expect(followed.lines.last?.hasPrefix(step) == true, "\(followed.lines)")
    }

    @Test func progressRisesToTheEndOfEachStep() throws {
        let followed = Followed()
        _ = try run(try model(sensitive: true), .onnxruntime, hooks: followed.hooks())
        for phase in ["measuring", "ranking layers"] {
            let fractions = followed.progress.filter { $0.phase == phase }.map(\.fraction)
            #expect(fractions.count > 1 && fractions == fractions.sorted() && fractions.last == 1)
        }
    }

    @Test func aPreparedInt8ModelIsTakenAsItIs() throws {
        let (model, _) = try run(try model(sensitive: false), .onnxruntime)
        let again = try FaceModel.prepare(bytes: model.serialized(), preprocessing: nil, target: .onnxruntimeCPU)
        #expect(again.serialized() == model.serialized())
        #expect(again.precision == .int8)
    }
}
