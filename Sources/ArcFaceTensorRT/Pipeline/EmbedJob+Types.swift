import FaceImages

extension EmbedJob {
    /// What a job shall do, besides what the configuration says.
    package struct Options: Sendable {
        /// Faces a batch where nothing else is said: larger ones gain nothing on a CPU and delay the first results.
        package static let defaultBatchSize = 8

        /// Photos, folders, list files.
        package var paths: [String]
        /// `OUT.npz`, `OUT.npy` or `OUT.jsonl`.
        package var output: String
        /// Inputs are aligned crops.
        package var aligned = false
        /// Only the largest face of each photo.
        package var largestOnly = false
        /// Landmarks to be used in place of the detector's.
        package var landmarksPath: String?
        /// Faces a batch.
        package var batchSize: Int?
        /// Continue `OUT.partial`.
        package var resume = false
        /// A page for people, `nil` for none.
        package var report: String?
        /// A folder for aligned crops, `nil` for none.
        package var cropsFolder: String?

        package init(
            paths: [String], output: String, aligned: Bool = false, largestOnly: Bool = false,
            landmarksPath: String? = nil, batchSize: Int? = nil, resume: Bool = false, report: String? = nil,
            cropsFolder: String? = nil
        ) {
            self.paths = paths
            self.output = output
            self.aligned = aligned
            self.largestOnly = largestOnly
            self.landmarksPath = landmarksPath
            self.batchSize = batchSize
            self.resume = resume
            self.report = report
            self.cropsFolder = cropsFolder
        }
    }

    /// One embedded face, for showing.
    package struct Row: Sendable {
        package let image: String
        package let box: FaceBox?
        package let score: Float?
        package let norm: Float
        package let embedding: [Float]
    }

    /// How far a job is.
    package struct Progress: Sendable {
        /// Inputs done, with those of earlier runs.
        package let done: Int
        /// Inputs in all.
        package let total: Int
        /// Inputs done by this run.
        package let doneNow: Int
        /// Faces embedded by this run.
        package let faces: Int
        /// Inputs of this run that failed, wholly or in part.
        package let failed: Int
        /// Time since the first input.
        package let elapsed: Duration
        /// Failures since the last call, one line each.
        package let newFailures: [String]
        /// Faces since the last call.
        package let newRows: [Row]
    }

    /// What a job came to.
    package struct Summary: Sendable {
        package let output: String
        package let inputs: Int
        package let done: Int
        package let faces: Int
        package let failed: Int
        package let elapsed: Duration
        package let interrupted: Bool
        package let alreadyComplete: Bool
        package let information: EmbedderInformation
        /// How many faces of this run each backend embedded: two, where an engine took over meanwhile.
        package let backends: [BackendFaces]
        /// Whether the job was done before the engine that was built in the background, whose build ends with it.
        package let isEngineMissing: Bool
        /// Photos that the report left out, if it was asked for and had too many.
        package let leftOutOfReport: Int
    }
}
