import ONNXModel

extension Hypothesis {
    /// Means and scales in use for face models: ArcFace's, SFace's and FaceNet's, 0…1, and none at all.
    private static let usual: [(mean: Float, scale: Float)] = [
        (127.5, 127.5), (127.5, 128), (0, 255), (0, 1), (127.5, 255), (128, 128),
    ]
    /// ImageNet's means and deviations on 0…1, red, green, blue.
    private static let imageNet = (
        means: [0.485, 0.456, 0.406] as [Float], deviations: [0.229, 0.224, 0.225] as [Float]
    )

    /// Pixels normalised otherwise than the reference does.
    static func normalizations(_ own: Preprocessing) -> [Hypothesis] {
        // A graph that treats each channel in its own way has no mean and scale to replace, only to be doubled.
        let replaceable = own.mean != 0 || own.scale != 1
        return (replaceable ? replaced(own) : []) + doubled(own)
    }

    private static func replaced(_ own: Preprocessing) -> [Hypothesis] {
        let right = formula(own.mean, own.scale)
        let mend =
            "normalise as the reference does: preprocessing.mean: \(own.mean), preprocessing.scale: \(own.scale) when it "
            + "is prepared, or export it again"
        var found = usual.filter { $0.mean != own.mean || $0.scale != own.scale }.map { mean, scale in
            let wrong = formula(mean, scale)
            return Hypothesis(
                kind: "normalised-by-\(short(mean))-\(short(scale))", condition: wrong,
                meaning: mean == own.mean
                    ? "the candidate divides by \(short(scale)) in place of \(short(own.scale))"
                    : "the candidate computes \(wrong) in place of \(right)",
                mend: mend,
                change: ReferenceChange(
                    pixelValues: .init(gain: own.scale / scale, offset: own.mean - mean * own.scale / scale)))
        }
        let gains = imageNet.deviations.map { own.scale / (255 * $0) }
        let offsets = zip(imageNet.means, imageNet.deviations).map { own.mean - own.scale * $0 / $1 }
        found.append(
            Hypothesis(
                kind: "normalised-by-imagenet", condition: "ImageNet's means and deviations",
                meaning: "the candidate is normalised like an ImageNet model in place of \(right)", mend: mend,
                change: ReferenceChange(
                    pixelValues: .init(gains: gains.reversed(), offsets: offsets.reversed()))))
        return found
    }

    private static func doubled(_ own: Preprocessing) -> [Hypothesis] {
        let mend = "leave the normalisation to the graph, or take it out of the graph: one of them alone"
        var factors: [(mean: Float, scale: Float)] = [(127.5, 127.5), (127.5, 128), (0, 255)]
        if !factors.contains(where: { $0.mean == own.mean && $0.scale == own.scale }), own.scale != 1 {
            factors.append((own.mean, own.scale))
        }
        return factors.map { mean, scale in
            Hypothesis(
                kind: mean == 0 ? "normalised-twice-0-1" : "normalised-twice-\(short(scale))",
                condition: "\(formula(mean, scale)) in front of the reference's own normalisation",
                meaning: "the candidate's input is normalised twice", mend: mend,
                change: ReferenceChange(pixelValues: .init(gain: 1 / scale, offset: -mean / scale)))
        }
    }

    private static func formula(_ mean: Float, _ scale: Float) -> String {
        switch (mean, scale) {
        case (0, 1): "raw pixels of 0…255"
        case (0, _): "x / \(short(scale))"
        default: "(x − \(short(mean))) / \(short(scale))"
        }
    }

    private static func short(_ value: Float) -> String {
        value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : "\(value)"
    }
}
