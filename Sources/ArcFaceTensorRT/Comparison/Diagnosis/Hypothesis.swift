import ONNXModel

/// A way in which a candidate may have been made wrongly, told by a change that does the same to the reference.
struct Hypothesis: Sendable, Equatable {
    /// A short name for programs: `channels-swapped`.
    let kind: String
    /// What the reference is run with, as it stands behind "with": `the channels swapped`.
    let condition: String
    /// What the candidate then does wrong, a clause about it: `the candidate reads RGB as BGR`.
    let meaning: String
    /// What to do about it.
    let mend: String
    /// What is done to the reference.
    let change: ReferenceChange

    /// What a reference's own numbers exclude or allow.
    struct Context: Sendable {
        /// How the reference turns pixels into its input.
        let preprocessing: Preprocessing
        /// The epsilons of its BatchNormalization nodes; empty where there are none, or where they are folded already.
        let epsilons: Set<Float>
    }

    /// All that is tested for a reference, the likelier first.
    static func all(for context: Context) -> [Hypothesis] {
        [channelsSwapped(context.preprocessing)] + normalizations(context.preprocessing)
            + epsilons(besides: context.epsilons) + otherPixels
    }

    /// Both at once; nil where they are about the same thing.
    func and(_ other: Hypothesis) -> Hypothesis? {
        change.and(other.change).map { change in
            Hypothesis(
                kind: "\(kind)+\(other.kind)", condition: "\(condition) and \(other.condition)",
                meaning: "\(meaning), and \(other.meaning)", mend: "\(mend); \(other.mend)", change: change)
        }
    }
}
