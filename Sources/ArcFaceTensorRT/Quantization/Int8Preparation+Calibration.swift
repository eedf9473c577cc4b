import FaceImages
import ONNXModel

extension Int8Preparation {
    /// The thresholds of all values that the layout wants: kept from the last time, or measured.
    ///
    func measured(
        _ prepared: PreparedModel, _ layout: Int8Layout, _ faces: FaceBatch, _ cache: CalibrationCache
    ) throws(ArcFaceError) -> ActivationThresholds {
        if let known = cache.load(values: layout.measured)?[options.method] {
            hooks.message("ranges taken from \(cache.path ?? "")")
            return known
        }
        hooks.message("measuring \(layout.measured.count) values on \(faces.count) faces")
        let run = try CalibrationRun(
            prepared.model, values: layout.measured, library: library, threads: options.threads, hooks: hooks)
        let histograms = try run.histograms(of: faces)
        var thresholds: [CalibrationMethod: ActivationThresholds] = [:]
        for method in CalibrationMethod.allCases {
            try hooks.check()
            thresholds[method] = ActivationThresholds(histograms.mapValues { method.threshold($0) })
        }
        // With numbers that aren't finite the file would be incomplete, and never used.
        if histograms.values.allSatisfy({ $0.notFinite == 0 }) {
            do {
                try cache.store(thresholds)
            } catch {
                hooks.message("note: ranges can't be kept for the next time (\(error))")
            }
        }
        return thresholds[options.method] ?? ActivationThresholds([:])
    }
}
