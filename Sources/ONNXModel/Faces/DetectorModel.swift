/// A YuNet face detector as runtimes take it: `image` uint8 `[N,H,W,3]` BGR in, with H and W multiples of 32.
///
/// The outputs keep YuNet's names: `cls_s` and `obj_s` `[N,H/s·W/s,1]`, `bbox_s` `[N,H/s·W/s,4]` and `kps_s`
/// `[N,H/s·W/s,10]` for the strides s = 8, 16 and 32, float32, places in row-major order.
package struct DetectorModel: Sendable {
    /// Name of the prepared graph's input.
    package static let inputName = "image"
    /// Names of the outputs, and the values that each holds for a place.
    package static let outputs: [(name: String, width: Int)] = [
        ("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10),
    ].flatMap { kind in [8, 16, 32].map { (name: "\(kind.0)_\($0)", width: kind.1) } }
    /// Height and width of an image must be multiples of this.
    package static let sizeMultiple = 32

    private static let preparedKey = "arcface.detector"

    /// The prepared graph.
    package let model: Model
    /// What was done to the graph, in order.
    package let notes: [PassNote]

    /// Prepares the model at `path`. A model that is prepared already comes back as it is.
    ///
    /// - Throws: what is wrong with the file or the graph, `notDetector` if it is no YuNet.
    package static func prepare(path: String) throws(ONNXModelError) -> DetectorModel {
        let model = try Model.read(path: path)
        do throws(ONNXModelError) {
            return try prepare(model)
        } catch {
            throw error.inFile(path)
        }
    }

    /// Prepares a model in memory; otherwise as `prepare(path:)`.
    package static func prepare(bytes: [UInt8]) throws(ONNXModelError) -> DetectorModel {
        try prepare(try Model.read(bytes: bytes))
    }

    /// The prepared ONNX file's bytes, in one allocation of their exact size.
    package func serialized() -> [UInt8] { model.serialized() }

    /// Writes the prepared ONNX file: streamed, and there complete or not at all.
    ///
    /// - Throws: `unwritableFile`, `tooLarge`.
    package func write(to path: String) throws(ONNXModelError) { try model.write(to: path) }

    private static func prepare(_ source: Model) throws(ONNXModelError) -> DetectorModel {
        var model = source
        try model.requireOpset(FaceModel.minimumOpset)
        try model.graph.validate()
        try checkOutputs(model.graph)
        if model[metadata: preparedKey] != nil {
            guard model.graph.inputs.count == 1, model.graph.inputs[0].name == inputName,
                model.graph.inputs[0].tensor?.element == .uint8
            else {
                throw notDetector("the model says it is prepared, but its graph is not")
            }
            return DetectorModel(model: model, notes: [])
        }
        var notes = try GraphPass.repairs.run(&model)
        let image: ImageInput
        switch ImageInput.find(in: model.graph) {
        case .failure(let mismatch): throw notDetector(mismatch.what)
        case .success(let input): image = input
        }
        guard image.layout == .nchw else { throw notDetector("an input [N,3,H,W] was expected, found NHWC") }

        let moved = model.graph.vacate(inputName)
        let imageName = image.name == inputName ? moved : image.name
        let head = FaceHead(input: inputName, size: (.named("H"), .named("W")))
        notes += try head.install(&model.graph, image: imageName, layout: .nchw).map { PassNote("head", $0) }
        model.graph.outputs = outputs.map { output in
            ValueInfo(output.name, .float, [.named(GraphPass.batchName), .unknown, .value(Int64(output.width))])
        }
        notes.append(PassNote("detector", "image size made any multiple of \(sizeMultiple)"))
        notes += try GraphPass.unusedInitializers.run(&model)
        model[metadata: preparedKey] = "yunet"
        try model.graph.validate()
        return DetectorModel(model: model, notes: notes)
    }

    private static func checkOutputs(_ graph: Graph) throws(ONNXModelError) {
        let found = Set(graph.outputs.map(\.name))
        let missing = outputs.map(\.name).filter { !found.contains($0) }
        guard missing.isEmpty else {
            let names = graph.outputs.prefix(4).map(\.text).joined(separator: ", ")
            throw notDetector("YuNet's outputs were expected; '\(missing[0])' is missing, found \(names)")
        }
    }

    private static func notDetector(_ what: String) -> ONNXModelError {
        ONNXModelError(.notDetector, what, mend: "give a YuNet face detector")
    }
}
