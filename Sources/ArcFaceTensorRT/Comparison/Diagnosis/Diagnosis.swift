/// Why a candidate doesn't agree with its reference: explanations that were tested, and the one that holds.
package struct Diagnosis: Sendable {
    /// Something that explains the difference, or part of it.
    package struct Finding: Sendable, Equatable {
        /// A short name for programs: `channels-swapped`, `rows-exchanged`, `weight-not-finite`, `layer`, …
        package let kind: String
        /// What was found, one sentence without a full stop.
        package let sentence: String
        /// What to do about it; may be empty.
        package internal(set) var mend: String
    }

    /// An explanation that was tested.
    package struct Trial: Sendable {
        /// A short name for programs; `reference` is the reference as it is.
        package let kind: String
        /// What the reference was run with.
        package let name: String
        /// The candidate's mean cosine with the reference under this explanation; NaN if no face has an embedding.
        package let cosineMean: Double
        /// The mean L2 likewise.
        package let l2Mean: Double
    }

    /// Why a diagnosis was made.
    package var reason: String
    /// Faces on which it was made.
    package var faceCount: Int
    /// What explains the difference, the best first.
    package var findings: [Finding] = []
    /// What was tested, in order.
    package var trials: [Trial] = []
    /// What can't be told, one sentence each.
    package var remarks: [String] = []
    /// Where the graphs differ, if that had to be looked at.
    package var layers: LayerComparison?
}
