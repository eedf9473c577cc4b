extension FaceModel {
    /// Decides on the preprocessing: the graph's own, the caller's, or ArcFace's usual one.
    ///
    /// - Throws: `preprocessingConflict` if graph and caller disagree.
    static func choose(
        _ given: Preprocessing?, _ found: Normalization
    ) throws(ONNXModelError) -> (Preprocessing, PreparedModel.PreprocessingSource) {
        if found.isPerChannel {
            // Raw pixels go in; the graph's nodes do the rest.
            if let given, given.mean != 0 || given.scale != 1 {
                throw conflict(given: "\(given)", found: "a normalisation of its own for each channel")
            }
            return (Preprocessing(color: given?.color ?? .rgb, mean: 0, scale: 1), .graph)
        }
        guard found.isPresent else {
            return given.map { ($0, .given) } ?? (Preprocessing(), .default)
        }
        let graph = Preprocessing(color: given?.color ?? .rgb, mean: found.mean, scale: found.scale)
        if let given, !close(given.mean, graph.mean) || !close(given.scale, graph.scale) {
            throw conflict(given: "\(given)", found: "\(graph)")
        }
        return (graph, .graph)
    }

    /// - Throws: `preprocessingConflict` for values that nothing can be divided by.
    static func check(_ preprocessing: Preprocessing) throws(ONNXModelError) {
        guard preprocessing.mean.isFinite, preprocessing.scale.isFinite, preprocessing.scale != 0,
            (1 / preprocessing.scale).isFinite
        else {
            throw ONNXModelError(
                .preprocessingConflict, "the preprocessing \(preprocessing) is impossible",
                mend: "give a finite mean and a finite scale that isn't 0")
        }
    }

    static func conflict(given: String, found: String) -> ONNXModelError {
        ONNXModelError(
            .preprocessingConflict, "the given preprocessing is \(given), but the model's graph has \(found)",
            mend: "leave the preprocessing out, or give the model's own")
    }

    private static func close(_ first: Float, _ second: Float) -> Bool {
        abs(first - second) <= 1e-4 * max(abs(first), abs(second), 1)
    }
}
