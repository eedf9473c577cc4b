import Digests
import Evaluation
import FaceImages
import Foundation
import ONNXModel

/// Thresholds kept beside the model, and choices made from them, so that the same graph and faces needn't be run again.
///
/// The file holds the thresholds of all methods, as JSON, under the digest of everything that they depend on, and for each
/// method and demand the layers that were left in float32.
struct CalibrationCache {
    /// Raised when other thresholds would come of the same graph and faces.
    private static let version = 1

    private struct Content: Codable {
        var version: Int
        var digest: String
        var faces: Int
        var thresholds: [String: [String: Float]]
        /// Files of earlier versions have none.
        var choices: [String: Choice]?
    }

    /// Which layers stay in float32, and how that was found.
    struct Choice: Codable, Equatable {
        var kept: [MixedPrecisionSearch.Ranked]
        var rankings: Int
        var judgements: Int
        /// The time limit in seconds that cut the search short, if one did.
        var limit: Double?
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
        guard let content = content() else { return nil }
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
        try write(
            Content(
                version: Self.version, digest: digest, faces: faceCount,
                thresholds: Dictionary(uniqueKeysWithValues: thresholds.map { ($0.key.rawValue, $0.value.thresholds) }))
        )
    }

    /// The choice that was made for a method and a demand, if the file holds one.
    ///
    /// - Parameters:
    ///   - demand: see `demand(_:_:)`.
    ///   - limit: the time limit of a new search; one that was cut short by less is made again.
    /// - Returns: the choice, or nil.
    func choice(for demand: String, limit: Duration) -> Choice? {
        guard let choice = content()?.choices?[demand] else { return nil }
        if let cut = choice.limit, cut < limit.inSeconds { return nil }
        return choice
    }

    /// Adds a choice to the file, if there is one.
    ///
    /// - Throws: the system's error. The choice is no less made without the file.
    func store(_ choice: Choice, for demand: String) throws {
        guard var content = content() else { return }
        content.choices = (content.choices ?? [:]).merging([demand: choice]) { $1 }
        try write(content)
    }

    /// What a choice depends on besides the digest.
    static func demand(_ method: CalibrationMethod, _ thresholds: ComparisonThresholds) -> String {
        "\(method.rawValue) \(thresholds.minCosineSimilarity) \(thresholds.minCosineWorst) \(thresholds.maxL2Mean)"
    }

    private func content() -> Content? {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let path, let data = FileManager.default.contents(atPath: path),
            let content = try? decoder.decode(Content.self, from: data), content.version == Self.version,
            content.digest == digest, content.faces == faceCount
        else { return nil }
        return content
    }

    private func write(_ content: Content) throws {
        guard let path else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        // A layer that alone leaves no embedding has an error that is no number.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        try encoder.encode(content).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
