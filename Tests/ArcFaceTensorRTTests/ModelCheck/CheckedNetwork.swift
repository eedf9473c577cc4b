import FaceImages
import Foundation

@testable import ArcFaceTensorRT
@testable import ONNXModel

/// A small face network: image → c0 → p0 → (c1 → p1 → c2) + p0 = sum → pool → flat → fc1 of `width` numbers.
struct CheckedNetwork {
    var width = 8
    /// Added to every weight of this constant.
    var shifted: String?
    /// The weights of these constants are multiplied.
    var scaled: [String: Float] = [:]
    /// This constant's first weight is NaN.
    var broken: String?
    /// Names of the values inside, in order of the nodes.
    var names = ["c0", "p0", "c1", "p1", "c2", "sum", "pool", "flat"]
    /// Whether p1 is `c1·slope` and `max` instead of a PRelu, under another name.
    var rewritesActivation = false

    func model() -> Model {
        var model = Model()
        model.irVersion = 8
        model.operatorSets = [Model.OperatorSet(version: 17)]
        model.graph.name = "checked"
        var random = SeededGenerator(seed: 11)
        func weights(_ name: String, _ dims: [Int], _ range: ClosedRange<Float>) {
            var values = (0..<dims.reduce(1, *)).map { _ in Float.random(in: range, using: &random) }
            if let factor = scaled[name] { values = values.map { $0 * factor } }
            if name == shifted { values = values.map { $0 + 0.1 } }
            if name == broken { values[0] = .nan }
            model.graph.initializers.append(Tensor(name: name, dims: dims, floats: values))
        }
        weights("w0", [16, 3, 3, 3], -0.5...0.5)
        weights("s0", [16, 1, 1], 0.1...0.4)
        weights("w1", [16, 16, 3, 3], -0.2...0.2)
        weights("s1", [16, 1, 1], 0.1...0.4)
        weights("w2", [16, 16, 3, 3], -0.2...0.2)
        weights("w3", [width, 16], -1...1)
        model.graph.inputs = [ValueInfo("data", .float, [1, 3, 112, 112].map { .value($0) })]
        model.graph.outputs = [ValueInfo("fc1", .float, [.value(1), .value(Int64(width))])]
        model.graph.nodes =
            [
                convolution("data", "w0", names[0], stride: 8), Node("PRelu", [names[0], "s0"], [names[1]]),
                convolution(names[1], "w1", names[2], stride: 1),
            ] + activation + [
                convolution(names[3], "w2", names[4], stride: 1), Node("Add", [names[4], names[1]], [names[5]]),
                Node("GlobalAveragePool", [names[5]], [names[6]]),
                Node("Flatten", [names[6]], [names[7]], [Attribute("axis", .int(1))]),
                Node("Gemm", [names[7], "w3"], ["fc1"], [Attribute("transB", .int(1))]),
            ]
        return model
    }

    private var activation: [Node] {
        // Slopes are below 1, so PRelu(x) is max(x, slope·x).
        rewritesActivation
            ? [Node("Mul", [names[2], "s1"], ["line"]), Node("Max", [names[2], "line"], [names[3]])]
            : [Node("PRelu", [names[2], "s1"], [names[3]])]
    }

    private func convolution(_ input: String, _ weights: String, _ output: String, stride: Int64) -> Node {
        Node(
            "Conv", [input, weights], [output],
            [
                Attribute("kernel_shape", .ints([3, 3])), Attribute("pads", .ints([1, 1, 1, 1])),
                Attribute("strides", .ints([stride, stride])),
            ])
    }
}

/// A folder with models and faces for one test.
struct CheckFolder {
    let folder: FacesFolder

    init(faces: Int = 4) throws {
        folder = try FacesFolder()
        var random = SeededGenerator(seed: 5)
        for number in 0..<faces {
            let pixels = (0..<FaceBatch.bytesPerFace).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            try folder.write(try PNGEncoder.encode(bgr: pixels, width: 112, height: 112), to: "\(number).png")
        }
    }

    func write(_ model: Model, _ name: String) throws -> String {
        try folder.write(model.serialized(), to: name)
        return "\(folder.path)/\(name)"
    }

    /// Compares two models on the folder's faces.
    func check(
        _ reference: String, _ candidate: String, layers: Bool = true, configuration: ArcFaceConfiguration? = nil
    ) throws -> ModelCheckReport {
        let options = ModelCheck.Options(
            reference: reference, candidate: candidate,
            faces: FaceSource.Options(paths: [folder.path], count: 100, allowsFewer: true), comparesLayers: layers)
        return try ModelCheck(options, configuration: configuration ?? TestFiles.configuration).run()
    }

    func check(_ reference: CheckedNetwork, _ candidate: CheckedNetwork) throws -> ModelCheckReport {
        try check(try write(reference.model(), "a.onnx"), try write(candidate.model(), "b.onnx"))
    }
}
