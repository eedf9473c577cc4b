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
    private let body: @Sendable (inout Model) throws(ONNXModelError) -> [String]

    /// A pass of that name; `body` returns what it did, one text a kind of change.
    package init(_ name: String, _ body: @escaping @Sendable (inout Model) throws(ONNXModelError) -> [String]) {
        self.name = name
        self.body = body
    }

    /// Runs the pass.
    package func run(_ model: inout Model) throws(ONNXModelError) -> [PassNote] {
        try body(&model).map { PassNote(name, $0) }
    }

    /// What every runtime needs done, in this order.
    package static let repairs: [GraphPass] = [
        .listedInitializers, .constantNodes, .halfSources, .dequantizeConstants, .foldConstantShapes, .removeIdentities,
        .deadNodes,
        .unusedInputs, .dynamicBatch, .preluSlopes, .unusedInitializers, .valueInfos,
    ]

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
