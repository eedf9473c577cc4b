import FaceImages
import ONNXModel

extension Int8Preparation {
    /// The thresholds of all values that the layout wants: kept from the last time, or measured.
    ///
    /// - Returns: the thresholds, and the digest of graph and faces.
    func measured(
        _ prepared: PreparedModel, _ layout: Int8Layout, _ faces: FaceBatch
    ) throws(ArcFaceError) -> (ActivationThresholds, digest: String) {
        let cache = CalibrationCache(
            graph: prepared.serialized(), faces: faces, target: options.target, modelPath: options.cachePath)
        if let known = cache.load(values: layout.measured)?[options.method] {
            report("ranges taken from \(cache.path ?? "")")
            return (known, cache.digest)
        }
        report("measuring \(layout.measured.count) values on \(faces.count) faces")
        let run = try CalibrationRun(
            prepared.model, values: layout.measured, library: library, threads: options.threads)
        let histograms = try run.histograms(of: faces) { _ in }
        var thresholds: [CalibrationMethod: ActivationThresholds] = [:]
        for method in CalibrationMethod.allCases {
            thresholds[method] = ActivationThresholds(histograms.mapValues { method.threshold($0) })
        }
        // With numbers that aren't finite the file would be incomplete, and never used.
        if histograms.values.allSatisfy({ $0.notFinite == 0 }) {
            do {
                try cache.store(thresholds)
            } catch {
                report("note: ranges can't be kept for the next time (\(error))")
            }
        }
        return (thresholds[options.method] ?? ActivationThresholds([:]), cache.digest)
    }
}
