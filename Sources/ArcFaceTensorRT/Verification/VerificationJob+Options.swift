extension VerificationJob {
    /// What is measured, on what.
    package struct Options: Sendable {
        /// The file of pairs; see `PairsFile`.
        package var pairsPath: String
        /// The folder with the photos that the pairs name.
        package var facesFolder: String
        /// Whether all photos must be aligned crops.
        package var aligned: Bool
        /// Whether each face is embedded mirrored too, and both embeddings added.
        package var flip: Bool
        /// Another runtime, whose shift in each figure is told.
        package var against: NamedRuntime?
        /// Folds to deal the pairs to; nil takes the file's own.
        package var folds: Int?
        /// Whether pairs are left out whose photos aren't there.
        package var allowsMissing: Bool
        /// Samples of the bootstrap; 0 draws no intervals.
        package var samples: Int
        /// Which samples.
        package var seed: UInt64
        /// Where each pair's scores are written as CSV.
        package var scoresPath: String?
        /// Where a page is written.
        package var reportPath: String?

        /// Samples unless told otherwise: the ends of a 95 % interval move by a few hundredths of its width from seed to
        /// seed.
        package static let defaultSamples = 1000

        /// What is measured; see the properties.
        package init(
            pairsPath: String, facesFolder: String, aligned: Bool = false, flip: Bool = false,
            against: NamedRuntime? = nil, folds: Int? = nil, allowsMissing: Bool = false,
            samples: Int = defaultSamples, seed: UInt64 = 0, scoresPath: String? = nil, reportPath: String? = nil
        ) {
            self.pairsPath = pairsPath
            self.facesFolder = facesFolder
            self.aligned = aligned
            self.flip = flip
            self.against = against
            self.folds = folds
            self.allowsMissing = allowsMissing
            self.samples = samples
            self.seed = seed
            self.scoresPath = scoresPath
            self.reportPath = reportPath
        }
    }
}
