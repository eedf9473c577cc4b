import FaceImages
import Foundation

/// Photos to embeddings, from the list of inputs to the published output.
package final class EmbedJob {
    private let options: Options
    private let plan: EmbeddingPlan
    private let identity: String
    /// What isn't as it was asked for, one line each.
    package var warnings: [String] { plan.warnings }
    /// What is about to run, for people: backend, device, preprocessing, repairs.
    package let introduction: [String]

    /// Checks the inputs and the output, then loads the models.
    ///
    /// Cheap checks come first: a mistyped path shall not cost the loading of a model.
    ///
    /// - Parameters:
    ///   - options: what is embedded, and where to.
    ///   - configuration: with what.
    ///   - shouldStop: asked while an engine is built or a model calibrated; true cancels that.
    ///   - building: told of what has to be made first, from any thread.
    /// - Throws: `ArcFaceError`.
    package init(
        options: Options, configuration: ArcFaceConfiguration, shouldStop: @escaping @Sendable () -> Bool = { false },
        building: @escaping @Sendable (EngineBuildJob.Event) -> Void = { _ in }
    ) throws(ArcFaceError) {
        self.options = options
        _ = try OutputFormat(path: options.output)
        try OutputFolder.check(for: [options.output, options.report].compactMap { $0 })
        plan = try EmbeddingPlan(
            options, configuration: configuration,
            engines: BuiltEngines(shouldStop: shouldStop) { event in
                // The bar is the job's, if it doesn't wait for the build.
                if case .progress = event, configuration.effectiveAutoBuild == .background { return }
                building(event)
            }, hooks: PreparationHooks(report: building, shouldStop: shouldStop))
        let information = plan.runtime.information
        introduction =
            [
                "\(information.modelPath): \(information.embeddingWidth) numbers a face, \(information.backend) "
                    + "\(information.runtimeVersion) on \(information.device), input \(information.preprocessing)"
            ] + Self.repairs(information)
        identity = try JobIdentity.text(options: options, configuration: configuration, information: information)
    }

    deinit {
        // A process must not end while TensorRT builds.
        (runtime as? BackgroundEngine)?.stopBuilding()
    }

    /// The kinds of repair, each once: which tensors they concern is for those who inspect the model.
    private static func repairs(_ information: EmbedderInformation) -> [String] {
        var kinds: [Substring] = []
        for kind in information.repairs.compactMap({ $0.split(separator: ":").first }) where !kinds.contains(kind) {
            kinds.append(kind)
        }
        return kinds.isEmpty ? [] : ["changed in its graph: " + kinds.joined(separator: ", ")]
    }

    private var inputs: PhotoList { plan.inputs }
    private var runtime: any EmbeddingRuntime { plan.runtime }

    /// Runs the job and publishes its output, also when it is stopped.
    ///
    /// - Parameters:
    ///   - shouldStop: asked several times a second; `true` finishes what was begun and ends the job.
    ///   - progress: called on this thread whenever results were written.
    /// - Returns: what the job came to.
    /// - Throws: `ArcFaceError`; what was written so far can be continued with `resume`.
    package func run(
        shouldStop: () -> Bool, progress: (Progress) -> Void
    ) throws(ArcFaceError) -> Summary {
        let names = (0..<inputs.count).lazy.map { [inputs] in inputs[$0].description }
        if options.resume, try EmbeddingOutput.isComplete(path: options.output, inputs: names) {
            return summary(JobTally(total: inputs.count, alreadyDone: inputs.count), interrupted: false, complete: true)
        }
        let output = try EmbeddingOutput(
            path: options.output, width: runtime.information.embeddingWidth, identity: identity, inputs: names,
            resume: options.resume)
        var tally = JobTally(total: inputs.count, alreadyDone: output.completedInputs)
        let problems = inputs.problems.map(\.description)
        if !problems.isEmpty { progress(tally.count([], problems: problems)) }
        let crops = try options.cropsFolder.map { (folder) throws(ArcFaceError) in try CropsFolder(path: folder) }
        let report = options.report.map { _ in FacesReportCollector() }
        let pipeline = plan.pipeline(for: output.completedInputs..<inputs.count)
        try pipeline.run(shouldStop: shouldStop) { (results) throws(ArcFaceError) in
            for result in results {
                try output.append(result)
                try crops?.write(result)
                try report?.add(result)
            }
            try output.flush()
            progress(tally.count(results, problems: []))
        }
        let complete = output.completedInputs == inputs.count
        try output.publish(complete: complete)
        if let path = options.report, let report {
            try report.write(to: path, information: runtime.information, backends: backends(tally))
        }
        return summary(tally, interrupted: !complete, complete: false, leftOutOfReport: report?.leftOut ?? 0)
    }

    private func summary(
        _ tally: JobTally, interrupted: Bool, complete: Bool, leftOutOfReport: Int = 0
    ) -> Summary {
        Summary(
            output: options.output, inputs: tally.total, done: tally.done, faces: tally.faces, failed: tally.failed,
            elapsed: tally.elapsed, interrupted: interrupted, alreadyComplete: complete,
            information: runtime.information, backends: backends(tally), isEngineMissing: isEngineMissing,
            leftOutOfReport: leftOutOfReport)
    }

    /// How many faces of this run each backend embedded.
    private func backends(_ tally: JobTally) -> [BackendFaces] {
        if let background = runtime as? BackgroundEngine { return background.faces }
        return tally.faces > 0 ? [BackendFaces(backend: runtime.information.backend, faces: tally.faces)] : []
    }

    /// Whether the job is done before the engine that is built in the background.
    private var isEngineMissing: Bool {
        guard let background = runtime as? BackgroundEngine else { return false }
        return background.warnings.isEmpty && !(background.serving is any EngineEmbedding)
    }
}
