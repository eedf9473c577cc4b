import FaceImages
import Foundation
import ONNXModel
import Testing

@testable import ArcFaceTensorRT

@Suite("A check of two models", .enabled(if: TestFiles.hasModels, "no ONNX Runtime: run make deps"))
struct ModelCheckTests {
    @Test func `finds equal models equal, in every layer`() throws {
        let report = try CheckFolder().check(CheckedNetwork(), CheckedNetwork())
        #expect(report.verdict == .pass)
        #expect(abs(report.agreement.cosineMin - 1) < 1e-12 && report.agreement.l2Max == 0)
        let layers = try #require(report.layers)
        #expect(layers.departure == nil)
        #expect(layers.layers.allSatisfy { $0.agreement.error == 0 })
        // The head's Transpose and Sub stand before the network's nine; casts are no layers.
        #expect(
            layers.layers.map(\.op) == [
                "Transpose", "Sub", "Conv", "PRelu", "Conv", "PRelu", "Conv", "Add", "GlobalAveragePool", "Flatten",
                "Gemm",
            ])
        #expect(layers.onlyInReference == 0 && layers.onlyInCandidate == 0)
        #expect(layers.faceCount == 4)
    }

    @Test(arguments: [("w0", "c0"), ("w1", "c1"), ("w2", "c2"), ("w3", "embedding"), ("s1", "p1")])
    func `names the layer whose weights were changed`(weights: String, value: String) throws {
        let report = try CheckFolder().check(CheckedNetwork(), CheckedNetwork(shifted: weights))
        let departure = try #require(report.layers?.departure)
        #expect(departure.value == value)
        #expect(departure.agreement.relativeL2 > 0.001 && departure.agreement.cosine < 1)
        // Nothing before it differs, and more error comes with no other layer.
        #expect(departure.inputError == 0)
        #expect(report.agreement.cosineMean < 0.9999)
    }

    @Test func `finds swapped channels at the first convolution`() throws {
        let folder = try CheckFolder()
        let source = CheckedNetwork().model()
        var paths: [String] = []
        for color in [Preprocessing.ColorOrder.rgb, .bgr] {
            let prepared = try FaceModel.prepare(
                bytes: source.serialized(), preprocessing: Preprocessing(color: color), target: .portable)
            paths.append(try folder.write(prepared.model, "\(color.rawValue).onnx"))
        }
        let report = try folder.check(paths[0], paths[1])
        #expect(report.verdict == .fail)
        let departure = try #require(report.layers?.departure)
        #expect(departure.op == "Conv" && departure.value == "c0")
        #expect(report.reference.preprocessing != report.candidate.preprocessing)
    }

    @Test func `tells of NaN, of which side, and from where on`() throws {
        let folder = try CheckFolder()
        let report = try folder.check(CheckedNetwork(), CheckedNetwork(broken: "w2"))
        #expect(report.verdict == .fail)
        #expect(report.judgement.finite == .fail)
        #expect(report.agreement.undefinedCount == 4)
        #expect(report.agreement.nanCount == 4 * 8)
        let departure = try #require(report.layers?.departure)
        #expect(departure.value == "c2")
        // One of 16 output channels of 14×14 places; padding leaves no border out of a NaN weight.
        #expect(departure.agreement.candidateNaNCount > 0 && departure.agreement.referenceNaNCount == 0)
        #expect(report.json.contains("\"verdict\" : \"FAIL\""))
        #expect(!report.json.lowercased().contains(": nan"))
    }

    @Test func `refuses models of different widths by name`() throws {
        let folder = try CheckFolder()
        let error = #expect(throws: ArcFaceError.self) {
            try folder.check(CheckedNetwork(width: 8), CheckedNetwork(width: 12))
        }
        #expect(error?.code == .modelUnusable)
        #expect(error?.description.contains("gives 8 numbers a face, and this model 12") == true)
        #expect(error?.description.hasPrefix("\(folder.folder.path)/b.onnx: ") == true)
    }

    @Test func `matches layers by order where the names mean other values`() throws {
        let folder = try CheckFolder()
        // The names of A, each moved to the next value: as in two exports with numbers for names.
        let moved = ["x", "c0", "p0", "c1", "p1", "c2", "sum", "pool"]
        let same = try folder.check(CheckedNetwork(), CheckedNetwork(names: moved))
        #expect(same.layers?.departure == nil)
        #expect(same.layers?.layers.count == 11)
        #expect(same.layers?.layers.first { $0.value == "c1" }?.candidateValue == "p0")
        let other = try folder.check(CheckedNetwork(), CheckedNetwork(shifted: "w1", names: moved))
        #expect(other.layers?.departure?.value == "c1")
    }

    @Test func `takes a rewritten activation for what it is`() throws {
        let folder = try CheckFolder()
        let report = try folder.check(CheckedNetwork(), CheckedNetwork(rewritesActivation: true))
        #expect(report.verdict == .pass)
        let layers = try #require(report.layers)
        #expect(layers.departure == nil)
        #expect(layers.onlyInCandidate == 1)
        #expect(layers.layers.first { $0.value == "p1" }?.op == "PRelu")
    }

    @Test func `blames no layer whose difference is undone further on`() throws {
        // Twice the numbers in c1 and p1, halved again by w2: exact in floating point.
        let report = try CheckFolder().check(CheckedNetwork(), CheckedNetwork(scaled: ["w1": 2, "w2": 0.5]))
        #expect(report.verdict == .pass)
        let layers = try #require(report.layers)
        #expect(layers.layers.filter(\.isWithoutEffect).map(\.value) == ["c1", "p1"])
        #expect(layers.departure == nil)
        // A difference that isn't undone is still found.
        let other = try CheckFolder().check(CheckedNetwork(), CheckedNetwork(scaled: ["w1": 2]))
        #expect(other.layers?.departure?.value == "c1")
    }

    @Test func `compares in several runs what is too large for one`() throws {
        let folder = try CheckFolder()
        let a = try folder.write(CheckedNetwork().model(), "a.onnx")
        let b = try folder.write(CheckedNetwork(shifted: "w1").model(), "b.onnx")
        let configuration = TestFiles.configuration
        let library = try BackendChoice.library(configuration)
        let runners = try [a, b].map {
            LayerRunner(
                checked: try CheckedModel(path: $0, configuration: configuration), library: library, threads: 1)
        }
        let faces = try FaceSource(
            .init(paths: [folder.folder.path], count: 4), configuration: configuration
        ).load().faces
        func compare(_ budget: Int) throws -> LayerComparison {
            try LayerComparison(
                reference: runners[0], candidate: runners[1], faces: faces, threshold: 0.001, budget: budget)
        }
        let (whole, pieces) = (try compare(1 << 30), try compare(1))
        #expect(whole.departure?.value == "c1" && pieces.departure?.value == "c1")
        #expect(whole.layers.map(\.value) == pieces.layers.map(\.value))
        for (first, second) in zip(whole.layers, pieces.layers) {
            #expect(abs(first.agreement.relativeL2 - second.agreement.relativeL2) < 1e-5)
            #expect(first.agreement.count == second.agreement.count)
        }
    }

    @Test func `judges by the thresholds of the coarser precision`() throws {
        let folder = try CheckFolder()
        let path = try folder.write(CheckedNetwork().model(), "a.onnx")
        var strict = TestFiles.configuration
        strict.comparison.floatingPoint.minCosineSimilarity = 1.5
        strict.comparison.floatingPoint.warnCosineSimilarity = 0.5
        #expect(try folder.check(path, path, layers: false, configuration: strict).verdict == .warn)
        var graph = CheckedNetwork().model().graph
        #expect(CheckedModel.precision(of: graph) == .fp32)
        graph.nodes.append(Node("Cast", ["fc1"], ["h"], [Attribute("to", .int(10))]))
        #expect(CheckedModel.precision(of: graph) == .fp16)
        graph.nodes.append(Node("QuantizeLinear", ["h", "s"], ["q"]))
        #expect(CheckedModel.precision(of: graph) == .int8)
        #expect(Precision.coarser(.int8, .fp16) == .int8 && Precision.coarser(.fp32, .fp16) == .fp16)
    }

    @Test func `finds a trained model equal to itself, and unlike one with a changed convolution`() throws {
        let folder = try CheckFolder()
        let report = try folder.check(TestFiles.sface, TestFiles.sface)
        #expect(report.verdict == .pass && report.layers?.departure == nil)
        let prepared = try FaceModel.prepare(path: TestFiles.sface, preprocessing: nil, target: .reference)
        var model = prepared.model
        let convolutions = model.graph.nodes.filter { $0.op == "Conv" }
        let middle = convolutions[convolutions.count / 2]
        let place = try #require(model.graph.initializers.firstIndex { $0.name == middle.inputs[1] })
        let weights = model.graph.initializers[place]
        model.graph.initializers[place] = Tensor(
            name: weights.name, dims: weights.dims, floats: try weights.floats().map { $0 * 1.2 })
        let changed = try folder.check(TestFiles.sface, try folder.write(model, "changed.onnx"))
        #expect(changed.layers?.departure?.value == middle.outputs[0])
        #expect(changed.layers?.departure?.op == "Conv")
    }
}
