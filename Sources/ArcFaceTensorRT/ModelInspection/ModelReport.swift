import Foundation
import ONNXModel

/// What `model info` tells about a model file, as JSON tells it too.
package struct ModelReport: Sendable, Encodable {
    package struct Value: Sendable, Encodable {
        package let name: String
        /// `float32 [N,3,112,112]`.
        package let type: String
        /// Whether a node takes the input, or gives the output.
        package let used: Bool
    }

    package struct Operator: Sendable, Encodable {
        package let name: String
        package let count: Int
    }

    package struct Weights: Sendable, Encodable {
        package let type: String
        package let tensors: Int
        package let elements: Int
        package let bytes: Int
    }

    package struct Face: Sendable, Encodable {
        package let color: String
        package let mean: Float
        package let scale: Float
        /// `graph`, `given` or `default`.
        package let source: String
        package let embeddingWidth: Int
        /// For people.
        package let text: String

        private enum CodingKeys: String, CodingKey {
            case color, mean, scale, source, text
            case embeddingWidth = "embedding_width"
        }
    }

    package struct Defect: Sendable, Encodable {
        package let name: String
        package let reason: String
        package let actions: [String]
        package let mended: Bool
    }

    package let path: String
    package let bytes: Int
    /// Files beside the model that hold weights.
    package let externalFiles: [String]
    package let architecture: String
    package let producer: String
    /// Versions of operator sets by domain; ONNX's own is `ai.onnx`.
    package let opsets: [String: Int64]
    package let irVersion: Int64
    package let inputs: [Value]
    package let outputs: [Value]
    package let operators: [Operator]
    package let parameters: Int
    /// 2 × multiply-adds of convolutions and matrix products for one face, or for one image of a model that is no face model.
    package let flops: Int?
    /// Why that isn't known.
    package let flopsProblem: String?
    package let weights: [Weights]
    package let face: Face?
    /// Why the model is no face model.
    package let faceProblem: String?
    package let isPrepared: Bool
    package let metadata: [String: String]
    package let defects: [Defect]

    private enum CodingKeys: String, CodingKey {
        case path, bytes, architecture, producer, opsets, inputs, outputs, operators, parameters, weights, face,
            metadata
        case defects
        case externalFiles = "external_files"
        case irVersion = "ir_version"
        case flops = "flops_per_face"
        case flopsProblem = "flops_problem"
        case faceProblem = "face_problem"
        case isPrepared = "prepared"
    }

    /// Looks into the file at `path`.
    ///
    /// - Throws: `ArcFaceError` where the file is missing, damaged or no ONNX model.
    package init(path: String) throws(ArcFaceError) {
        let inspection: ModelInspection
        do throws(ONNXModelError) {
            inspection = try ModelInspection(path: path)
        } catch {
            throw ArcFaceError(error)
        }
        let model = inspection.model
        self.path = path
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        bytes = size.flatMap { $0 } ?? 0
        externalFiles = model.externalFiles
        architecture = "\(inspection.architecture)"
        producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
        opsets = Dictionary(
            model.operatorSets.map { ($0.domain.isEmpty ? "ai.onnx" : $0.domain, $0.version) },
            uniquingKeysWith: { first, _ in first })
        irVersion = model.irVersion
        let taken = Set(model.graph.nodes.flatMap(\.uses))
        inputs = inspection.inputs.map { Value($0, used: taken.contains($0.name)) }
        outputs = model.graph.outputs.map { Value($0, used: true) }
        operators = inspection.operators.map { Operator(name: $0.name, count: $0.count) }
        parameters = inspection.parameters
        flops = inspection.multiplyAdds.map { 2 * $0 }
        flopsProblem = inspection.costObstacle
        weights = inspection.weights.map {
            Weights(type: "\($0.type)", tensors: $0.tensors, elements: $0.elements, bytes: $0.bytes)
        }
        switch inspection.face {
        case .success(let found):
            face = Face(found)
            faceProblem = nil
        case .failure(let error):
            face = nil
            faceProblem = error.description
        }
        isPrepared = inspection.isPrepared
        metadata = Dictionary(model.metadata.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        defects = inspection.defects.map {
            Defect(name: $0.name, reason: $0.reason, actions: $0.actions, mended: $0.isMended)
        }
    }
}

extension ModelReport.Value {
    fileprivate init(_ value: ValueInfo, used: Bool) {
        self.init(name: value.name, type: value.tensor?.text ?? "of no tensor type", used: used)
    }
}

extension ModelReport.Face {
    fileprivate init(_ face: ModelInspection.Face) {
        self.init(
            color: face.preprocessing.color.rawValue, mean: face.preprocessing.mean, scale: face.preprocessing.scale,
            source: face.source.rawValue, embeddingWidth: face.embeddingWidth,
            text: "\(face.preprocessing) (\(face.source.text))")
    }
}
