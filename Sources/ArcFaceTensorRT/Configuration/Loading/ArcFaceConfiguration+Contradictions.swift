import Evaluation

/// Two values that are possible alone but not together.
struct ConfigurationContradiction {
    let keys: (String, String)
    let what: String
    let mend: String

    /// The contradiction, reported where the value that wins over more layers was set.
    func issue(_ origins: [String: ConfigurationOrigin]) -> ConfigurationIssue {
        let places = [keys.0, keys.1].map { (key: $0, origin: origins[$0] ?? .default) }
        let culprit = places[0].origin.rank >= places[1].origin.rank ? places[0] : places[1]
        return ConfigurationIssue(.contradiction, culprit.origin.place, key: culprit.key, what, mend: mend)
    }
}

extension ArcFaceConfiguration {
    /// What contradicts itself.
    var contradictions: [ConfigurationContradiction] {
        var found = comparison.floatingPoint.contradictions(below: "comparison")
        found += comparison.int8.contradictions(below: "comparison.int8")
        if !isEnabled, embedding.fallback.needsNVIDIALibraries {
            found.append(
                ConfigurationContradiction(
                    keys: ("embedding.fallback", "arcface_tensorrt.enabled"),
                    what: "\(embedding.fallback.rawValue) needs NVIDIA libraries, which arcface_tensorrt.enabled: false"
                        + " keeps out",
                    mend: "choose pytorch or onnxruntime"))
        }
        if let twice = tensorRT.gpus.first(where: { ordinal in tensorRT.gpus.count { $0 == ordinal } > 1 }) {
            found.append(
                ConfigurationContradiction(
                    keys: ("tensorrt.gpus", "tensorrt.gpus"), what: "GPU \(twice) is there twice",
                    mend: "name each GPU once"))
        }
        return found
    }
}

extension ComparisonThresholds {
    /// Warning limits on the wrong side of their targets.
    fileprivate func contradictions(below path: String) -> [ConfigurationContradiction] {
        func pair(
            _ warning: String, _ warningValue: Double, _ target: String, _ targetValue: Double, atMost: Bool
        ) -> ConfigurationContradiction? {
            if atMost ? warningValue <= targetValue : warningValue >= targetValue { return nil }
            let relation = atMost ? "above" : "below"
            return ConfigurationContradiction(
                keys: ("\(path).\(warning)", "\(path).\(target)"),
                what: "\(warning) \(warningValue) is \(relation) \(target) \(targetValue)",
                mend: "\(warning) must be at \(atMost ? "most" : "least") \(target)")
        }
        return [
            pair(
                "warn_cosine_similarity", warnCosineSimilarity, "min_cosine_similarity", minCosineSimilarity,
                atMost: true),
            pair("warn_cosine_worst", warnCosineWorst, "min_cosine_worst", minCosineWorst, atMost: true),
            pair("warn_l2_mean", warnL2Mean, "max_l2_mean", maxL2Mean, atMost: false),
        ].compactMap { $0 }
    }
}
