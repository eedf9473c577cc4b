/// What a page about a candidate and its reference shows. Plain data: nothing here knows how it was computed.
package struct ComparisonPage: Sendable {
    /// What came out.
    package var verdict: Verdict
    /// One sentence below the heading.
    package var summary: String
    /// What ran, on what; in this order.
    package var facts: [ReportPage.Fact]
    /// The figures against their thresholds.
    package var measures: [Measure]
    /// What else a reader must know of the figures, a paragraph each.
    package var notes: [String]
    /// The cosine of each face.
    package var cosines: [Double]
    /// Whether a face's embedding depends on its place in a batch.
    package var batches: [Batch]
    /// The faces that agree least, the worst first.
    package var worst: [Face]
    /// Why the figures are what they are; nil where nothing asks for an explanation.
    package var diagnosis: Diagnosis?

    /// What a page shows; see the properties.
    package init(
        verdict: Verdict, summary: String, facts: [ReportPage.Fact], measures: [Measure], notes: [String],
        cosines: [Double], batches: [Batch], worst: [Face], diagnosis: Diagnosis?
    ) {
        self.verdict = verdict
        self.summary = summary
        self.facts = facts
        self.measures = measures
        self.notes = notes
        self.cosines = cosines
        self.batches = batches
        self.worst = worst
        self.diagnosis = diagnosis
    }

    /// A figure, and what it is held against.
    package struct Measure: Sendable {
        /// What is measured.
        package var name: String
        /// What was found.
        package var value: Double
        /// The target as text, `≥ 0.995`; may be empty.
        package var target: String
        /// From where on it fails, as text; may be empty.
        package var fails: String
        /// What that comes to; nil for a figure that isn't judged.
        package var verdict: Verdict?

        /// A figure with its parts as given.
        package init(_ name: String, _ value: Double, target: String = "", fails: String = "", verdict: Verdict? = nil)
        {
            self.name = name
            self.value = value
            self.target = target
            self.fails = fails
            self.verdict = verdict
        }
    }

    /// A batch size at which each slot was compared with its face alone.
    package struct Batch: Sendable {
        /// Faces a batch.
        package var size: Int
        /// The largest L2 between a slot's embedding and that of its face alone.
        package var largestL2: Double
        /// What that comes to.
        package var verdict: Verdict
        /// What was found; may be empty.
        package var text: String

        /// A batch size with its parts as given.
        package init(size: Int, largestL2: Double, verdict: Verdict, text: String) {
            self.size = size
            self.largestL2 = largestL2
            self.verdict = verdict
            self.text = text
        }
    }

    /// A face with its figures.
    package struct Face: Sendable {
        /// Its number among those compared, from 0.
        package var number: Int
        /// Where it comes from.
        package var name: String
        /// The aligned crop.
        package var crop: DataURI
        /// The cosine of both embeddings.
        package var cosine: Double
        /// The length of the reference's embedding.
        package var referenceNorm: Double
        /// The length of the candidate's embedding.
        package var candidateNorm: Double

        /// A face with its parts as given.
        package init(
            number: Int, name: String, crop: DataURI, cosine: Double, referenceNorm: Double, candidateNorm: Double
        ) {
            self.number = number
            self.name = name
            self.crop = crop
            self.cosine = cosine
            self.referenceNorm = referenceNorm
            self.candidateNorm = candidateNorm
        }
    }

    /// What explains the figures, and what was tried.
    package struct Diagnosis: Sendable {
        /// What was found, a sentence and its mend each.
        package var findings: [(sentence: String, mend: String)]
        /// Explanations that were tested, with the cosine and the L2 that the reference has under each.
        package var trials: [(name: String, cosine: Double, l2: Double)]
        /// What can't be told; may be empty.
        package var remarks: [String]

        /// A diagnosis with its parts as given.
        package init(
            findings: [(sentence: String, mend: String)], trials: [(name: String, cosine: Double, l2: Double)],
            remarks: [String]
        ) {
            self.findings = findings
            self.trials = trials
            self.remarks = remarks
        }
    }
}
