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
        /// The model file beside which thresholds are kept for the next time; nil keeps none.
        package var cachePath: String?

        /// How it is made; see the properties.
        package init(
            target: Int8Target, method: CalibrationMethod = .mse, thresholds: ComparisonThresholds = .int8,
            threads: Int, cachePath: String? = nil
        ) {
            self.target = target
            self.method = method
            self.thresholds = thresholds
            self.threads = threads
            self.cachePath = cachePath
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
    let report: (String) -> Void

    /// - Parameters:
    ///   - options: how it is made.
    ///   - library: ONNX Runtime, on whose CPU provider everything is measured, whatever the target.
    ///   - report: called with one line at a time about what goes on.
    package init(_ options: Options, library: ONNXRuntimeLibrary, report: @escaping (String) -> Void = { _ in }) {
        self.options = options
        self.library = library
        self.report = report
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
        let (thresholds, digest) = try measured(prepared, layout, split.calibration)
        let builder: Int8Builder
        do throws(ONNXModelError) {
            builder = try Int8Builder(prepared.model, layout: layout, thresholds: thresholds)
        } catch {
            throw ArcFaceError(error)
        }
        let trial = try Int8Trial(
            builder: builder,
            runner: CandidateRunner(library: library, threads: options.threads, width: prepared.embeddingWidth),
            reference: prepared.model, split: split)
        let outcome = try search(trial)
        let kept = Set(outcome.kept.map(\.unit))
        let model = try trial.model(keeping: kept)
        let agreement = try trial.agreement(model)
        let result = Int8Report(
            target: options.target, method: options.method, calibrationFaces: split.calibration.count,
            heldOutFaces: split.heldOut.count, quantizedCount: builder.units.count - kept.count,
            unitCount: layout.units.count, kept: Self.kept(outcome, builder), agreement: agreement,
            judgement: options.thresholds.judge(agreement), rankings: outcome.rankings, judgements: outcome.judgements)
        let record = PreparedModel.Int8Record(
            target: options.target, method: options.method, faces: "\(split.calibration.count) \(digest)",
            agreement: result.agreementText,
            kept: layout.units.filter(kept.union(builder.impossible.map(\.unit)).contains))
        return (prepared.quantized(model, record, notes: result.notes), result)
    }

    private func search(_ trial: Int8Trial) throws(ArcFaceError) -> MixedPrecisionSearch.Outcome {
        let search = MixedPrecisionSearch(units: trial.builder.units, maximumGroups: Self.maximumGroups)
        let strict = options.thresholds.tightened(Self.margin)
        var ranked = 0
        return try search.run { quantized throws(ArcFaceError) in
            ranked += 1
            if ranked == 1 { report("ranking \(search.groups.count) layers by the error of each") }
            return try trial.error(quantizing: quantized)
        } accepts: { kept throws(ArcFaceError) in
            let agreement = try trial.agreement(try trial.model(keeping: kept))
            let accepted = strict.judge(agreement).overall == .pass
            report(Self.progress(kept.count, agreement, accepted))
            return accepted
        }
    }

    private static func kept(_ outcome: MixedPrecisionSearch.Outcome, _ builder: Int8Builder) -> [Int8Report.Kept] {
        let texts = builder.texts
        return outcome.kept.map {
            Int8Report.Kept(node: texts[$0.unit] ?? $0.unit, reason: Self.reason($0.error))
        } + builder.impossible.map { Int8Report.Kept(node: texts[$0.unit] ?? $0.unit, reason: $0.reason) }
    }
}
