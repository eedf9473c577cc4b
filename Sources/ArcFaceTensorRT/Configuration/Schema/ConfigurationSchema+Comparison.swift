import Evaluation

extension ConfigurationSchema {
    static let comparison = ConfigurationSection(
        "comparison", \.comparison,
        "When an engine agrees with the reference: meets the target, PASS; beyond the warning limit, FAIL; else WARN.",
        thresholdFields(of: \ComparisonConfiguration.floatingPoint) + [
            .init("n_samples", \.sampleCount, .integer(1...1_000_000), "how many faces are compared"),
            .init(
                "faces", \.faces, .optional(.path),
                "photos or aligned faces to compare on, a folder or list; null varies the six faces of the demo"),
        ])

    static let int8Comparison = ConfigurationSection(
        "comparison.int8", \.comparison, "The same for int8 engines.",
        thresholdFields(of: \ComparisonConfiguration.int8))

    private static func thresholdFields(
        of thresholds: any WritableKeyPath<ComparisonConfiguration, ComparisonThresholds> & Sendable
    ) -> [ConfigurationSection.Field<ComparisonConfiguration>] {
        let fields: [ConfigurationSection.Field<ComparisonThresholds>] = [
            .init("min_cosine_similarity", \.minCosineSimilarity, cosine, "target: the mean cosine is at least this"),
            .init("warn_cosine_similarity", \.warnCosineSimilarity, cosine, "a mean cosine below this fails"),
            .init("min_cosine_worst", \.minCosineWorst, cosine, "target: the smallest cosine is at least this"),
            .init("warn_cosine_worst", \.warnCosineWorst, cosine, "a smallest cosine below this fails"),
            .init("max_l2_mean", \.maxL2Mean, distance, "target: the mean L2 distance is below this"),
            .init("warn_l2_mean", \.warnL2Mean, distance, "a mean L2 distance above this fails"),
        ]
        return fields.map { $0.lifted(through: thresholds) }
    }

    private static var cosine: ConfigurationRule<Double> { .number(-1, 1) }

    /// Unit vectors are at most 2 apart.
    private static var distance: ConfigurationRule<Double> { .number(0, 2) }
}
