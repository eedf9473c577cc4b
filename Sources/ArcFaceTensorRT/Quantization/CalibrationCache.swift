import Digests
import FaceImages
import Foundation
import ONNXModel

/// Thresholds kept beside the model, so that the same graph and faces needn't be run again.
///
/// The file holds the thresholds of all methods, as JSON, under the digest of everything that they depend on.
struct CalibrationCache {
    /// Raised when other thresholds would come of the same graph and faces.
    private static let version = 1

    private struct Content: Codable {
        var version: Int
        var digest: String
        var faces: Int
        var thresholds: [String: [String: Float]]
    }

    /// The digest of graph, faces and target, 64 hexadecimal digits.
    let digest: String
    /// The file, or nil if nothing is kept.
    let path: String?
    private let faceCount: Int

    /// - Parameters:
    ///   - graph: the bytes of the prepared float32 model.
    ///   - faces: the calibration faces.
    ///   - target: for whom, which decides on the values measured.
    ///   - modelPath: the model file beside which to keep thresholds; nil keeps none.
    init(graph: [UInt8], faces: FaceBatch, target: Int8Target, modelPath: String?) {
        var hash = SHA256()
        hash.update(Array("int8 calibration \(Self.version) \(target.rawValue) \(graph.count) \(faces.count)\n".utf8))
        hash.update(graph)
        faces.withUnsafeBytes { hash.update($0) }
        let digest = hash.finalize().hex
        self.digest = digest
        path = modelPath.map { "\($0).int8-\(digest.prefix(16)).json" }
        faceCount = faces.count
    }

    /// The thresholds by method and value, if the file holds those of all `values`.
    func load(values: [String]) -> [CalibrationMethod: ActivationThresholds]? {
        guard let path, let data = FileManager.default.contents(atPath: path),
            let content = try? JSONDecoder().decode(Content.self, from: data), content.version == Self.version,
            content.digest == digest, content.faces == faceCount
        else { return nil }
        var found: [CalibrationMethod: ActivationThresholds] = [:]
        for method in CalibrationMethod.allCases {
            guard let thresholds = content.thresholds[method.rawValue],
                values.allSatisfy({ thresholds[$0] != nil })
            else { return nil }
            found[method] = ActivationThresholds(thresholds)
        }
        return found
    }

    /// Writes the file; it appears complete or not at all.
    ///
    /// - Throws: the system's error. Calibration is no less done without the file.
    func store(_ thresholds: [CalibrationMethod: ActivationThresholds]) throws {
        guard let path else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let content = Content(
            version: Self.version, digest: digest, faces: faceCount,
            thresholds: Dictionary(uniqueKeysWithValues: thresholds.map { ($0.key.rawValue, $0.value.thresholds) }))
        try encoder.encode(content).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
