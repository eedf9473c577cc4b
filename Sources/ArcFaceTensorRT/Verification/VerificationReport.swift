package import Evaluation
import FaceImages
import Foundation

/// How well runtimes tell people apart.
package struct VerificationReport: Sendable {
    /// Accuracy, operating points, error rate and area.
    package typealias Figures = VerificationFigures

    /// One way of scoring the pairs.
    package struct Scoring: Sendable {
        /// `A`, `B`, or `A × B` for galleries of A and probes of B.
        package let name: String
        /// The figures.
        package let figures: VerificationFigures
        /// The scores.
        package let pairs: PairScores
        /// An interval for each of the figures' values; empty where none was drawn.
        package let intervals: [VerificationBootstrap.Interval]
        /// Intervals of the shift from the first scoring; empty for the first.
        package let shifts: [VerificationBootstrap.Interval]
    }

    /// The file of pairs.
    package let pairsPath: String
    /// The folder of photos.
    package let facesFolder: String
    /// Whether mirrored faces were embedded too.
    package let flip: Bool
    /// Samples of the bootstrap, and their seed.
    package let samples: Int
    package let seed: UInt64
    /// What ran, A and B.
    package let runtimes: [EmbedderInformation]
    /// A; with a second runtime B and A × B as well.
    package let scorings: [Scoring]
    /// Photos that the pairs name.
    package let faceCount: Int
    /// Photos that gave no face, one line each.
    package let failures: [String]
    /// Pairs that couldn't be scored.
    package let leftOut: Int
    private let names: [(gallery: String, probe: String)]

    init(
        options: VerificationJob.Options, informations: [EmbedderInformation], pairs: PairsFile, used: [Int],
        scorings: [PairScores], bootstrap: VerificationBootstrap?, failures: [String], leftOut: Int
    ) {
        pairsPath = options.pairsPath
        facesFolder = options.facesFolder
        flip = options.flip
        samples = options.samples
        seed = options.seed
        runtimes = informations
        self.scorings = zip(["A", "B", "A × B"], scorings).enumerated().map { number, item in
            Scoring(
                name: item.0, figures: VerificationFigures(item.1), pairs: item.1,
                intervals: bootstrap?.intervals[number] ?? [],
                shifts: number == 0 ? [] : bootstrap?.shifts[number - 1] ?? [])
        }
        faceCount = pairs.faces.count
        self.failures = failures
        self.leftOut = leftOut
        names = used.map { (pairs.faces[pairs.pairs[$0].gallery], pairs.faces[pairs.pairs[$0].probe]) }
    }

    /// Pairs that were scored.
    package var pairCount: Int { scorings[0].pairs.count }
    /// Those of one person.
    package var sameCount: Int { scorings[0].pairs.sameCount }
    /// Folds.
    package var foldCount: Int { scorings[0].pairs.foldCount }

    /// Writes a line for each pair: fold, names, 1 for one person, and each scoring's score in full precision.
    func writeScores(to path: String) throws(ArcFaceError) {
        let file = try FileWriter(path: path, retry: "run again: the scores aren't kept")
        let columns = ["fold", "gallery", "probe", "same"] + scorings.map { "score \($0.name)" }
        try file.write(columns.joined(separator: ",") + "\n")
        for pair in 0..<pairCount {
            let fields =
                ["\(scorings[0].pairs.folds[pair] + 1)", quoted(names[pair].gallery), quoted(names[pair].probe)]
                + [scorings[0].pairs.isSame[pair] ? "1" : "0"] + scorings.map { "\($0.pairs.scores[pair])" }
            try file.write(fields.joined(separator: ",") + "\n")
        }
        try file.finish()
    }

    private func quoted(_ name: String) -> String {
        name.contains { $0 == "," || $0 == "\"" } ? "\"\(name.replacing("\"", with: "\"\""))\"" : name
    }
}
