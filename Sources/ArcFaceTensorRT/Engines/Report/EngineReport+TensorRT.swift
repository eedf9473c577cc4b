import EngineStore
import Foundation
import ONNXModel
import TensorRT

extension EngineReport {
    /// Takes from the manifest what every engine of a prepared graph has.
    mutating func describe(_ manifest: EngineManifest) {
        source = .manifest
        tensors = [
            Tensor(
                name: FaceModel.inputName, mode: "input", type: "uint8", shape: [-1, FaceModel.side, FaceModel.side, 3]),
            Tensor(name: FaceModel.outputName, mode: "output", type: "float", shape: [-1, manifest.embeddingWidth]),
        ]
        profiles = (0..<manifest.batch.streams).flatMap { _ in
            manifest.batch.profiles.map { Profile(min: $0.min, opt: $0.opt, max: $0.max) }
        }
    }

    /// Takes what the engine itself tells.
    ///
    /// - Throws: `TensorRTError` if the inspector fails.
    mutating func describe(_ engine: TensorRTEngine, layers wanted: Bool) throws(TensorRTError) {
        source = .engine
        tensors = engine.tensors.sorted { $0.mode.rawValue < $1.mode.rawValue }.map { tensor in
            Tensor(
                name: tensor.name, mode: tensor.mode == .input ? "input" : "output", type: "\(tensor.elementType)",
                shape: tensor.shape)
        }
        let input = engine.tensors.first { $0.mode == .input }
        profiles = input?.profiles.compactMap { shapes in
            guard let min = shapes.minimum.first, let opt = shapes.optimum.first, let max = shapes.maximum.first else {
                return nil
            }
            return Profile(min: min, opt: opt, max: max)
        }
        contextBytes = engine.contextByteCount
        layerCount = engine.layerCount
        if wanted { layers = Self.layers(try engine.layersJSON()) }
    }

    /// The inspector's JSON: objects with detailed profiling, else names alone.
    static func layers(_ json: String) -> [Layer] {
        let whole = try? JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
        guard case .object(let fields) = whole, case .array(let layers) = fields["Layers"] else { return [] }
        return layers.map { layer in
            switch layer {
            case .string(let name): return Layer(name: name, type: "", precision: "")
            case .object(let fields):
                return Layer(
                    name: fields["Name"]?.text ?? "", type: fields["LayerType"]?.text ?? "",
                    precision: precision(fields["Outputs"]))
            default: return Layer(name: "", type: "", precision: "")
            }
        }
    }

    /// `fp16` of `{"Format/Datatype": "Half NHWC8"}`: the word that names a number format, whatever the version's order.
    private static func precision(_ outputs: JSONValue?) -> String {
        guard case .array(let outputs) = outputs, case .object(let first) = outputs.first else { return "" }
        let text = (first["Format/Datatype"] ?? first["Datatype"])?.text ?? ""
        let formats = ["half": "fp16", "fp16": "fp16", "float": "fp32", "fp32": "fp32", "int8": "int8"]
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return words.lazy.compactMap { formats[$0] }.first ?? text
    }
}

extension JSONValue {
    /// The text of a string.
    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
