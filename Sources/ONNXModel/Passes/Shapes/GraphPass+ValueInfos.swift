extension GraphPass {
    /// Forgets what the exporter wrote about shapes inside: it is optional, and wrong once batch or size are free.
    package static let valueInfos = GraphPass(
        "inner shapes", reason: "they are wrong once the batch is free"
    ) { model throws(ONNXModelError) in
        let count = model.graph.valueInfos.count
        model.graph.valueInfos = []
        return count == 0 ? [] : ["\(counted(count, "declared shape")) dropped"]
    }
}
