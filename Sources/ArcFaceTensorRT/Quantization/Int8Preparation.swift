package import Evaluation
package import FaceImages
package import ONNXModel
package import ONNXRuntime

/// Makes a prepared float32 model int8: measures ranges on faces, writes pairs of `QuantizeLinear` and
/// `DequantizeLinear`, and leaves in float32 what costs the embedding too much.
package struct Int8Preparation {
    /// How it is made.
    package struct Options: Sendable {
        /// For which runtime.
        package var target: Int8Target
        /// How thresholds are found.
        package var method: CalibrationMethod
        /// The agreement with float32 that held-out faces must reach: a PASS.
        package var thresholds: ComparisonThresholds
        /// Threads in all.
        package var threads: Int
        /// The model file beside which thresholds and choices are kept for the next time; nil keeps none.
        package var cachePath: String?
        /// How long the search may take; past it, the next choice that is good enough is taken.
        package var timeLimit: Duration

        /// How it is made; see the properties.
        package init(
            target: Int8Target, method: CalibrationMethod = .mse, thresholds: ComparisonThresholds = .int8,
            threads: Int, cachePath: String? = nil, timeLimit: Duration = .seconds(600)
        ) {
            self.target = target
            self.method = method
            self.thresholds = thresholds
            self.threads = threads
            self.cachePath = cachePath
            self.timeLimit = timeLimit
        }
    }

    /// Faces that a part's own error is measured on: differences between parts are larger than those between faces.
    static let rankingFaces = 8
    /// Graphs run for ranking at most, whatever the depth.
    static let maximumGroups = 80
    /// Other faces give other numbers: of the error that thresholds allow, so much may be used up by held-out faces.
    static let margin = 0.9

    let options: Options
    let library: ONNXRuntimeLibrary
    let hooks: PreparationHooks

    /// - Parameters:
    ///   - options: how it is made.
    ///   - library: ONNX Runtime, on whose CPU provider everything is measured, whatever the target.
    ///   - hooks: who follows it.
    package init(_ options: Options, library: ONNXRuntimeLibrary, hooks: PreparationHooks = PreparationHooks()) {
        self.options = options
        self.library = library
        self.hooks = hooks
    }

    /// Calibrates, searches and writes.
    ///
    /// - Parameters:
    ///   - prepared: a float32 model prepared for any runtime: its PReLUs are as the exporter wrote them.
    ///   - faces: 16 or more; every fourth is held out and judges the result.
    /// - Returns: the int8 model, and how it came about. The report's judgement is a PASS unless not even float32 reaches one.
    /// - Throws: `ArcFaceError`: too few faces, a graph that can't be quantised, ONNX Runtime's own message.
    package func run(
        _ prepared: PreparedModel, faces: FaceBatch
    ) throws(ArcFaceError) -> (model: PreparedModel, report: Int8Report) {
        let split = try FaceSplit(faces)
        let layout = Int8Layout(prepared.model.graph, target: options.target)
        guard !layout.units.isEmpty else {
            throw ArcFaceError(
                .modelUnusable, "the graph has no convolution or fully connected layer with constant weights",
                mend: "use fp16 or fp32")
        }
        let cache = CalibrationCache(
            graph: prepared.serialized(), faces: split.calibration, target: options.target,
            modelPath: options.cachePath)
        let thresholds = try measured(prepared, layout, split.calibration, cache)
        let builder: Int8Builder
        do throws(ONNXModelError) {
            builder = try Int8Builder(prepared.model, layout: layout, thresholds: thresholds)
        } catch {
            throw ArcFaceError(error)
        }
        let trial = try Int8Trial(
            builder: builder,
            runner: CandidateRunner(
                library: library, threads: options.threads, width: prepared.embeddingWidth, hooks: hooks),
            reference: prepared.model, split: split)
        let known = try known(cache, trial)
        let found = if let known { known } else { try chosen(cache, trial) }
        let (outcome, model, agreement) = (found.outcome, found.model, found.agreement)
        let kept = Set(outcome.kept.map(\.unit))
        let result = Int8Report(
            target: options.target, method: options.method, calibrationFaces: split.calibration.count,
            heldOutFaces: split.heldOut.count, quantizedCount: builder.units.count - kept.count,
            unitCount: layout.units.count, kept: Self.kept(outcome, builder), agreement: agreement,
            judgement: options.thresholds.judge(agreement), rankings: outcome.rankings, judgements: outcome.judgements,
            cutShortAfter: outcome.isCutShort ? options.timeLimit : nil)
        let record = PreparedModel.Int8Record(
            target: options.target, method: options.method, faces: "\(split.calibration.count) \(cache.digest)",
            agreement: result.agreementText,
            kept: layout.units.filter(kept.union(builder.impossible.map(\.unit)).contains))
        return (prepared.quantized(model, record, notes: result.notes), result)
    }

    private static func kept(_ outcome: MixedPrecisionSearch.Outcome, _ builder: Int8Builder) -> [Int8Report.Kept] {
        let texts = builder.texts
        return outcome.kept.map {
            Int8Report.Kept(node: texts[$0.unit] ?? $0.unit, reason: Self.reason($0.error))
        } + builder.impossible.map { Int8Report.Kept(node: texts[$0.unit] ?? $0.unit, reason: $0.reason) }
    }
}
