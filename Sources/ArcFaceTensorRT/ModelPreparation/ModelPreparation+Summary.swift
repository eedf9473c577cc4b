import Foundation
import ONNXModel

extension ModelPreparation {
    /// What came of a preparation.
    package struct Summary: Sendable {
        /// The file that was read.
        package let source: String
        /// The file that was written.
        package let output: String
        /// The number format that the file computes in.
        package let precision: Precision
        /// For which runtime.
        package let target: Target
        /// Numbers an embedding.
        package let embeddingWidth: Int
        /// The preprocessing and where it came from.
        package let preprocessing: String
        /// What was done to the graph, one line each, in order.
        package let notes: [String]
        /// Nodes that stay in float32 in a file of less precision, with the reason.
        package let kept: [(node: String, reason: String)]
        /// Sizes of the two files in bytes.
        package let sourceBytes: Int
        package let outputBytes: Int
        /// How long it took.
        package let elapsed: Duration

        init(options: Options, model: PreparedModel, kept: [(node: String, reason: String)], elapsed: Duration) {
            source = options.source
            output = options.output
            precision = Precision(model.precision)
            target = options.target
            embeddingWidth = model.embeddingWidth
            preprocessing = model.preprocessingText
            notes = model.notes.map(\.description)
            self.kept = kept
            sourceBytes = Self.size(options.source)
            outputBytes = Self.size(options.output)
            self.elapsed = elapsed
        }

        private var seconds: Double {
            Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        }

        /// One sentence for people.
        package var sentence: String {
            let sizes = "\(Self.megabytes(outputBytes)) MB (\(Self.megabytes(sourceBytes)) MB before)"
            let done = notes.isEmpty ? "; it was prepared already and stays as it is" : ""
            return "\(output): \(precision.rawValue), \(embeddingWidth) numbers a face, input \(preprocessing), "
                + "\(sizes), " + String(format: "%.2f", seconds) + " s\(done)"
        }

        /// The summary as one JSON object, keys sorted.
        package var json: String {
            struct Kept: Encodable {
                let node: String
                let reason: String
            }
            struct Fields: Encodable {
                let source: String
                let output: String
                let precision: String
                let target: String
                let embedding_width: Int
                let preprocessing: String
                let notes: [String]
                let float32_nodes: [Kept]
                let source_bytes: Int
                let output_bytes: Int
                let seconds: Double
            }
            let fields = Fields(
                source: source, output: output, precision: precision.rawValue, target: target.rawValue,
                embedding_width: embeddingWidth, preprocessing: preprocessing, notes: notes,
                float32_nodes: kept.map { Kept(node: $0.node, reason: $0.reason) }, source_bytes: sourceBytes,
                output_bytes: outputBytes, seconds: seconds)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            // Only strings and finite numbers: encoding can't fail, and an empty object would show if it did.
            return (try? encoder.encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        }

        private static func size(_ path: String) -> Int {
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return (attributes?[.size] as? NSNumber)?.intValue ?? 0
        }

        private static func megabytes(_ bytes: Int) -> String {
            String(format: "%.1f", Double(bytes) / 1e6)
        }
    }
}
