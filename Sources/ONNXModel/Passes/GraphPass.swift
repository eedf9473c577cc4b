/// Something that a pass did, for people.
package struct PassNote: Sendable, Equatable, CustomStringConvertible {
    /// The pass's name.
    package let pass: String
    /// What it did.
    package let text: String

    /// A note of the pass of that name.
    package init(_ pass: String, _ text: String) {
        self.pass = pass
        self.text = text
    }

    /// The note on one line.
    package var description: String { "\(pass): \(text)" }
}

/// One rewrite of a graph that leaves its results as they were.
///
/// A pass lives in a file of its own and is a value in a list. Run on its own result it changes nothing and notes nothing.
package struct GraphPass: Sendable {
    /// What the pass is called in notes.
    package let name: String
    /// What is wrong with a graph that needs it, in a few words; empty if it is a matter of form.
    package let reason: String
    private let body: @Sendable (inout Model) throws(ONNXModelError) -> [String]

    /// A pass of that name; `body` returns what it did, one text a kind of change.
    package init(
        _ name: String, reason: String = "",
        _ body: @escaping @Sendable (inout Model) throws(ONNXModelError) -> [String]
    ) {
        self.name = name
        self.reason = reason
        self.body = body
    }

    /// Runs the pass.
    package func run(_ model: inout Model) throws(ONNXModelError) -> [PassNote] {
        try body(&model).map { PassNote(name, $0) }
    }

    /// What every runtime needs done, in this order.
    package static let repairs: [GraphPass] = mending + folding

    /// Brings a graph into the form that the rest relies on; no weight changes but from quantised to float32.
    package static let mending: [GraphPass] = [
        .listedInitializers, .constantNodes, .halfSources, .dequantizeConstants, .removeIdentities,
        .batchNormalizationForms, .deadNodes, .unusedInputs, .dynamicBatch, .foldConstants, .upgradeOpset,
        .batchInReshapes, .flattenReshapes, .deadNodes, .preluSlopes, .duplicateInitializers, .unusedInitializers,
        .valueInfos,
    ]

    /// Computes ahead what need not be computed for each face.
    package static let folding: [GraphPass] = [.fullyConnected, .foldBatchNormalization, .unusedInitializers]

    /// What makes ONNX Runtime's CPU provider faster, after the repairs.
    package static let onnxruntimeCPU: [GraphPass] = [.sharedSlopes, .preluAsConvolutions, .unusedInitializers]
}

extension [GraphPass] {
    /// Runs the passes in order.
    package func run(_ model: inout Model) throws(ONNXModelError) -> [PassNote] {
        var notes: [PassNote] = []
        for pass in self { notes += try pass.run(&model) }
        return notes
    }
}

/// `1 node`, `3 nodes`.
func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}
