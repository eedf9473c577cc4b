import ONNXModel

extension Hypothesis {
    /// Red and blue exchanged, the commonest fault of all.
    static func channelsSwapped(_ own: Preprocessing) -> Hypothesis {
        let right = own.color.rawValue.uppercased()
        let wrong = own.color == .rgb ? "BGR" : "RGB"
        return Hypothesis(
            kind: "channels-swapped", condition: "the channels swapped",
            meaning: "the candidate reads \(right) as \(wrong)",
            mend:
                "give it \(right): preprocessing.color: \(own.color.rawValue) when it is prepared, and no swap in front of it",
            change: ReferenceChange(pixels: .channelsSwapped))
    }

    /// Faces that lie otherwise.
    static let otherPixels: [Hypothesis] = [
        Hypothesis(
            kind: "mirrored", condition: "the faces mirrored", meaning: "the candidate sees mirrored faces",
            mend: "drop the flip in front of it", change: ReferenceChange(pixels: .mirrored)),
        Hypothesis(
            kind: "upside-down", condition: "the faces upside down", meaning: "the candidate sees faces upside down",
            mend: "give it the rows from top to bottom", change: ReferenceChange(pixels: .upsideDown)),
        Hypothesis(
            kind: "transposed", condition: "rows and columns exchanged",
            meaning: "the candidate takes columns for rows",
            mend: "give it the height before the width, as its input declares",
            change: ReferenceChange(pixels: .transposed)),
    ]
}
