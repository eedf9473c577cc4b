/// An ONNX model: a graph and what is said about it. A value: copies share weights until one of them changes.
package struct Model: Sendable {
    /// A version of an operator set that the graph uses.
    package struct OperatorSet: Sendable {
        /// The set's domain; empty for ONNX's own.
        package var domain: String
        /// Its version.
        package var version: Int64
        var unknown = RawFields()
    }

    /// A pair of texts that travels with the model.
    package struct Metadata: Sendable {
        /// The entry's name.
        package var key: String
        /// Its value.
        package var value: String
        var unknown = RawFields()
    }

    /// Version of the file format.
    package var irVersion: Int64 = 0
    /// The program that wrote the model.
    package var producerName = ""
    /// Its version.
    package var producerVersion = ""
    /// The operator sets in use.
    package var operatorSets: [OperatorSet] = []
    /// The graph.
    package var graph = Graph()
    /// Texts that travel with the model.
    package var metadata: [Metadata] = []
    /// Names of the files beside the model that its weights were read from, sorted; written, they are all in one file.
    package internal(set) var externalFiles: [String] = []
    /// Everything else (functions, documentation, training information), as it lies in the file.
    package internal(set) var unknown = RawFields()

    /// A model of an empty graph.
    package init() {}

    /// Version of ONNX's own operator set, if given.
    package var opset: Int64? {
        operatorSets.first { $0.domain.isEmpty || $0.domain == "ai.onnx" }?.version
    }

    /// The metadata entry of that key.
    package subscript(metadata key: String) -> String? {
        get { metadata.first { $0.key == key }?.value }
        set {
            if let newValue, let position = metadata.firstIndex(where: { $0.key == key }) {
                metadata[position].value = newValue
            } else if let newValue {
                metadata.append(Metadata(key: key, value: newValue))
            } else {
                metadata.removeAll { $0.key == key }
            }
        }
    }
}
