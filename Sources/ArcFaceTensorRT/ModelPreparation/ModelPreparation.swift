import FaceImages
import Foundation
import ONNXModel
import ONNXRuntime

/// A model as its exporter left it to the file that runtimes take, in the precision that was asked for.
package struct ModelPreparation {
    let options: Options
    let configuration: ArcFaceConfiguration
    let hooks: PreparationHooks

    /// A converted model, and what stays in float32 in it.
    typealias Converted = (model: PreparedModel, kept: [(node: String, reason: String)])

    /// - Parameters:
    ///   - options: which file becomes which.
    ///   - configuration: `preprocessing` is used, and with faces `detection`, `input` and `onnxruntime`.
    ///   - hooks: who follows it.
    package init(
        options: Options, configuration: ArcFaceConfiguration, hooks: PreparationHooks = PreparationHooks()
    ) {
        self.options = options
        self.configuration = configuration
        self.hooks = hooks
    }

    /// Reads, mends, converts and writes.
    ///
    /// - Returns: what came of it.
    /// - Throws: `ArcFaceError`; nothing is written then.
    package func run() throws(ArcFaceError) -> Summary {
        let start = ContinuousClock.now
        try OutputFolder.check(for: [options.output])
        let (model, kept) = try convert()
        try hooks.check()
        try write(model)
        return Summary(options: options, model: model, kept: kept, elapsed: ContinuousClock.now - start)
    }

    /// Reads, mends and converts, in memory.
    ///
    /// - Throws: `ArcFaceError`.
    func convert() throws(ArcFaceError) -> Converted {
        try converted(try prepared())
    }

    /// Reads and mends.
    private func prepared() throws(ArcFaceError) -> PreparedModel {
        do throws(ONNXModelError) {
            let model = try FaceModel.prepare(
                path: options.source, preprocessing: configuration.preprocessing.explicit,
                target: options.target.preparationTarget(for: options.precision))
            try model.requireConvertible(to: options.precision.inGraph)
            return model
        } catch {
            throw ArcFaceError(error.code == .precisionConflict ? error.inFile(options.source) : error)
        }
    }

    /// Converts a model that is prepared for the options' target; for int8, for any runtime.
    ///
    /// - Throws: `ArcFaceError`.
    func converted(_ source: PreparedModel) throws(ArcFaceError) -> Converted {
        if source.precision == options.precision.inGraph {
            if options.calibration != nil {
                hooks.message("no faces are needed: it is \(options.precision.rawValue) already")
            }
            return (source, [])
        }
        switch options.precision {
        case .fp32: return (source, [])
        case .fp16: return try half(source)
        case .int8: return try quantized(source)
        }
    }

    private func half(_ source: PreparedModel) throws(ArcFaceError) -> Converted {
        let ranges = try options.calibration.map { calibration throws(ArcFaceError) in
            try measured(source, calibration)
        }
        do throws(ONNXModelError) {
            let (model, kept) = try source.half(ranges: ranges)
            return (model, kept.map { ($0.node, $0.obstacle.description) })
        } catch {
            throw ArcFaceError(error)
        }
    }

    private func measured(
        _ source: PreparedModel, _ calibration: Calibration
    ) throws(ArcFaceError) -> ActivationRanges {
        let faces = try calibrationFaces(calibration, usualCount: Calibration.usualHalfCount)
        let measurement = try ActivationMeasurement(
            model: source, path: options.source, library: try BackendChoice.library(configuration),
            threads: configuration.onnxRuntime.threadCount, hooks: hooks)
        hooks.message("running \(faces.label)")
        return try measurement.ranges(of: faces.faces)
    }

    /// The faces that a conversion measures on.
    ///
    /// - Parameters:
    ///   - calibration: which faces.
    ///   - usualCount: how many, if the options don't say.
    /// - Returns: the faces and what they are.
    /// - Throws: `ArcFaceError` if there are too few, or a photo needs a detector that isn't there.
    func calibrationFaces(_ calibration: Calibration, usualCount: Int) throws(ArcFaceError) -> FaceSet {
        let source = try FaceSource(
            FaceSource.Options(
                paths: calibration.faces, count: calibration.count ?? usualCount, allowsFewer: calibration.count == nil,
                aligned: calibration.aligned),
            configuration: configuration)
        let step = hooks.step("finding faces", of: calibration.count ?? usualCount)
        return try source.load(
            report: { [hooks] event in
                switch event {
                case .failed(let line): hooks.message("failed: \(line)")
                case .found(let count, _): step.finished(count)
                }
            }, shouldStop: hooks.shouldStop)
    }

    private func write(_ model: PreparedModel) throws(ArcFaceError) {
        do throws(ONNXModelError) {
            try model.write(to: options.output)
        } catch {
            throw ArcFaceError(error)
        }
    }
}
