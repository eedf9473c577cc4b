import EngineStore

extension StoredEngine {
    /// What a user must be told of an engine that nobody has compared with its model, or that did badly; nil if all is well.
    package var acceptanceWarning: String? {
        guard let acceptance = manifest.acceptance else {
            return "\(planPath) was never accepted: nobody has compared its embeddings with the model's "
                + "(run its build command with --accept, which compares it, or compare --engine-path \(planPath))"
        }
        guard acceptance.verdict != .pass else { return nil }
        return "\(planPath) was accepted with \(acceptance.verdict.rawValue): cosine \(acceptance.cosineMean), least "
            + "\(acceptance.cosineMin), L2 \(acceptance.l2Mean) (run compare --engine-path \(planPath) for the cause)"
    }
}
