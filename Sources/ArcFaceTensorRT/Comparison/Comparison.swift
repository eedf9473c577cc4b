import Evaluation
import FaceImages

/// Runs a candidate and a reference on the same faces and tells whether the candidate may take the reference's place.
package struct Comparison {
    /// What a comparison shall do.
    package struct Options: Sendable {
        /// What is judged.
        package var candidate: NamedRuntime
        /// What computes the reference; nil is PyTorch where it is found, else ONNX Runtime.
        package var reference: Backend?
        /// The reference's ONNX file; nil is the candidate's.
        package var referenceModel: String?
        /// The faces of both.
        package var faces: FaceSource.Options

        /// What a comparison shall do; see the properties.
        package init(
            candidate: NamedRuntime, reference: Backend? = nil, referenceModel: String? = nil, faces: FaceSource.Options
        ) {
            self.candidate = candidate
            self.reference = reference
            self.referenceModel = referenceModel
            self.faces = faces
        }
    }

    /// What happens meanwhile.
    package typealias Event = ModelCheck.Event

    private let faces: FaceSource
    private let core: ComparisonCore
    private let hooks: PreparationHooks

    /// Loads both sides and looks for the photos.
    ///
    /// - Parameters:
    ///   - options: what to compare.
    ///   - configuration: everything else.
    ///   - hooks: who follows the candidate's preparation, which may take a while for int8, and may end it and the comparison.
    /// - Throws: `ArcFaceError` for a missing or unusable model, models of different widths, a runtime that can't run, or no
    ///   faces; with the code `cancelled` if the hooks say so.
    package init(
        _ options: Options, configuration: ArcFaceConfiguration, hooks: PreparationHooks = PreparationHooks()
    ) throws(ArcFaceError) {
        self.hooks = hooks
        let configured = try options.candidate.configuration(from: configuration).tensorRT.onnxPath
        // The reference first: it is the cheaper one to be wrong about.
        let reference = try ComparisonReference(
            options.reference, path: options.referenceModel ?? configured, configuration: configuration)
        try hooks.check()
        faces = try FaceSource(options.faces, configuration: configuration)
        let candidate = try ComparisonCandidate(
            options.candidate, onnx: configured, configuration: configuration, hooks: hooks)
        core = try ComparisonCore(reference: reference, candidate: candidate, configuration: configuration)
    }

    /// What isn't as it was asked for, one line each.
    package var warnings: [String] { core.reference.warnings + core.candidate.warnings }

    /// Finds the faces and compares.
    ///
    /// - Parameter report: called from any thread, one call at a time.
    /// - Returns: how well both agree, and why they don't.
    /// - Throws: `ArcFaceError` if there are too few faces, or with a runtime's own message; with the code `cancelled` if the
    ///   hooks say so.
    package func run(report: @escaping @Sendable (Event) -> Void = { _ in }) throws(ArcFaceError) -> ComparisonReport {
        report(.began("looking for faces"))
        let set = try faces.load(
            report: { event in
                switch event {
                case .failed(let text): report(.failed(text))
                case .found(let count, let wanted): report(.progress(count, of: wanted))
                }
            }, shouldStop: hooks.shouldStop)
        return try core.run(on: set, shouldStop: hooks.shouldStop, report: report)
    }
}
