/// Something about a graph that runtimes stumble over, and what preparation does about it.
package struct ModelDefect: Sendable, Equatable {
    /// What it is about, in two or three words.
    package let name: String
    /// Why it is a defect.
    package let reason: String
    /// What preparation does, one text a kind of change; or what the user can do.
    package let actions: [String]
    /// Whether preparation mends it.
    package let isMended: Bool

    /// Runs the repairs on copies and collects what they would do.
    ///
    /// - Parameters:
    ///   - source: the model as it is; validated.
    ///   - mended: receives the model as the repairs leave it.
    /// - Returns: the defects in the order of the repairs, those that stay first.
    /// - Throws: what keeps the repairs from running.
    static func find(in source: Model, mended: inout Model) throws(ONNXModelError) -> [ModelDefect] {
        var defects = unmended(source)
        if !source.externalFiles.isEmpty {
            defects.append(
                ModelDefect(
                    name: "weights outside", reason: "the model is more than one file",
                    actions: ["weights from \(source.externalFiles.joined(separator: ", ")) written into the model"],
                    isMended: true))
        }
        mended = source
        var seen = Set<String>()
        for pass in GraphPass.repairs {
            var notes = try pass.run(&mended)
            if GraphPass.cleaning.contains(pass.name), !notes.isEmpty {
                // Mostly what other repairs have left behind; only what was so from the start is a defect.
                var copy = source
                notes = seen.contains(pass.name) ? [] : try pass.run(&copy)
            }
            seen.insert(pass.name)
            guard !notes.isEmpty, !pass.reason.isEmpty else { continue }
            defects.append(
                ModelDefect(name: pass.name, reason: pass.reason, actions: notes.map(\.text), isMended: true))
        }
        return defects
    }

    /// What no repair can know how to mend.
    private static func unmended(_ model: Model) -> [ModelDefect] {
        var defects: [ModelDefect] = []
        let training = model.graph.nodes.filter { $0.isTrainingNormalization(opset: model.opset ?? 0) }
        if !training.isEmpty {
            defects.append(
                ModelDefect(
                    name: "training mode",
                    reason:
                        "\(counted(training.count, "BatchNormalization")) in training mode: a face depends on its batch",
                    actions: ["export the model again after model.eval()"], isMended: false))
        }
        let foreign = Set(model.graph.nodes.filter { !$0.isStandard }.map { "\($0.domain).\($0.op)" }).sorted()
        if !foreign.isEmpty {
            defects.append(
                ModelDefect(
                    name: "foreign operators",
                    reason: "TensorRT doesn't know \(foreign.prefix(4).joined(separator: ", "))",
                    actions: ["export the model before it is optimised for one runtime"], isMended: false))
        }
        return defects
    }

    /// Why the opset of a graph that went through the repairs is still old; nil if it isn't.
    static func oldOpset(_ model: Model) -> ModelDefect? {
        guard let opset = model.opset, opset < GraphPass.minimumOpset,
            let obstacle = OpsetUpgrade(model.graph, from: opset).obstacle
        else { return nil }
        return ModelDefect(
            name: "opset", reason: "opset \(opset) can't be lifted to \(GraphPass.minimumOpset): \(obstacle)",
            actions: ["export the model with opset \(GraphPass.minimumOpset) or newer"], isMended: false)
    }
}

extension Node {
    /// Whether this is a `BatchNormalization` that normalises by the batch at hand.
    fileprivate func isTrainingNormalization(opset: Int64) -> Bool {
        guard isOperator("BatchNormalization") else { return false }
        return opset >= 14 ? int("training_mode") == 1 : outputs.count > 1
    }
}

extension GraphPass {
    /// Names of the passes that clear away what others leave.
    static let cleaning: Set<String> = [deadNodes.name, unusedInitializers.name]
}
