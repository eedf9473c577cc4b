extension Graph {
    /// Checks what every pass relies on: unique producers, no value from nowhere, no cycle, constants of the right size.
    ///
    /// Leaves the nodes in topological order.
    ///
    /// - Throws: `duplicateValue`, `missingValue`, `cyclicGraph`, `invalidTensor` or `externalData`.
    package mutating func validate() throws(ONNXModelError) {
        var given = Set<String>()
        for tensor in initializers {
            guard !tensor.name.isEmpty, given.insert(tensor.name).inserted else {
                throw Self.duplicate(tensor.name, "a constant")
            }
            try tensor.validate()
        }
        // A constant may be listed as an input as well, with the same name.
        var listed = Set<String>()
        for input in inputs {
            guard listed.insert(input.name).inserted else { throw Self.duplicate(input.name, "an input") }
        }
        given.formUnion(listed)
        for node in nodes {
            for output in node.outputs where !output.isEmpty {
                guard given.insert(output).inserted else { throw Self.duplicate(output, node.text) }
            }
        }
        try checkUses(given)
        try sortNodes()
    }

    private func checkUses(_ given: Set<String>) throws(ONNXModelError) {
        for node in nodes {
            for name in node.uses where !given.contains(name) {
                throw ONNXModelError(
                    .missingValue, "takes '\(name)', which nothing gives", at: node.text,
                    mend: "the model is incomplete: export it again")
            }
            for inner in node.graphs {
                for tensor in inner.initializers { try tensor.validate() }
            }
            for case .tensor(let tensor) in node.attributes.map(\.value) { try tensor.validate() }
        }
        for output in outputs where !given.contains(output.name) {
            throw ONNXModelError(
                .missingValue, "nothing gives the output '\(output.name)'",
                mend: "the model is incomplete: export it again")
        }
    }

    private static func duplicate(_ name: String, _ place: String) -> ONNXModelError {
        ONNXModelError(
            .duplicateValue, name.isEmpty ? "a value has no name" : "the value '\(name)' is given twice", at: place,
            mend: "export the model again")
    }
}
