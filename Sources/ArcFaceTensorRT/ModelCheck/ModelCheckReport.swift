package import Evaluation

/// How well two models agree.
package struct ModelCheckReport: Sendable {
    /// One of the models.
    package struct Side: Sendable {
        /// The model's file.
        package let path: String
        /// Numbers an embedding.
        package let width: Int
        /// What the graph computes in.
        package let precision: Precision
        /// The preprocessing in the graph, and where it comes from.
        package let preprocessing: String

        init(_ checked: CheckedModel) {
            path = checked.path
            width = checked.model.embeddingWidth
            precision = checked.precision
            preprocessing = checked.model.preprocessingText
        }
    }

    /// The model that is right.
    package let reference: Side
    /// The model that is judged by it.
    package let candidate: Side
    /// What the faces are, such as `100 faces of photos/`.
    package let faces: String
    /// Faces compared.
    package let faceCount: Int
    /// Inputs that gave no face, one line each.
    package let failures: [String]
    /// What ran both models.
    package let runtime: String
    /// What the agreement was judged by.
    package let thresholds: ComparisonThresholds
    /// The section of the configuration that the thresholds are from.
    package let thresholdsKey: String
    /// How well the embeddings agree.
    package let agreement: AgreementMetrics
    /// What that means, measure by measure.
    package let judgement: ComparisonJudgement
    /// Where the graphs differ, if it was asked for.
    package let layers: LayerComparison?

    /// The worst of all measures.
    package var verdict: Verdict { judgement.overall }
}
