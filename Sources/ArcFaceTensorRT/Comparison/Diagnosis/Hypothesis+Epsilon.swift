extension Hypothesis {
    /// Defaults of exporters and frameworks: PyTorch's, InsightFace's, MXNet's and TensorFlow's, Caffe's.
    private static let usualEpsilons: [Float] = [1e-5, 2e-5, 1e-3, 1e-4, 1e-6]

    /// One epsilon for all BatchNormalization nodes, in place of those that the reference has.
    static func epsilons(besides own: Set<Float>) -> [Hypothesis] {
        guard !own.isEmpty else { return [] }
        let right = own.sorted().map { "\($0)" }.joined(separator: " and ")
        return usualEpsilons.filter { own != [$0] }.map { epsilon in
            Hypothesis(
                kind: "epsilon-\(epsilon)", condition: "the epsilon \(epsilon) in all BatchNormalization layers",
                meaning: "the candidate's BatchNormalization layers have the epsilon \(epsilon) in place of \(right)",
                mend: "export it again with the epsilons of the training, or build it from the reference's file",
                change: ReferenceChange(epsilon: epsilon))
        }
    }
}
