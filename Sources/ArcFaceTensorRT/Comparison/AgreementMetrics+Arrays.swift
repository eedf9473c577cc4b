import Evaluation

extension AgreementMetrics {
    /// Compares raw embeddings row by row.
    ///
    /// - Throws: `ArcFaceError` when a set is empty or sizes differ.
    init(reference: [Float], candidate: [Float], width: Int) throws(ArcFaceError) {
        do throws(EvaluationError) {
            self = try reference.withUnsafeBufferPointer { (left) throws(EvaluationError) in
                try candidate.withUnsafeBufferPointer { (right) throws(EvaluationError) in
                    try AgreementMetrics(reference: left, candidate: right, width: width)
                }
            }
        } catch {
            throw ArcFaceError(.runtimeFailed, error.description)
        }
    }
}

extension FaceAgreement {
    /// Compares raw embeddings face by face.
    ///
    /// - Throws: `ArcFaceError` when a set is empty or sizes differ.
    static func perFace(
        reference: [Float], candidate: [Float], width: Int
    ) throws(ArcFaceError) -> [FaceAgreement] {
        do throws(EvaluationError) {
            return try reference.withUnsafeBufferPointer { (left) throws(EvaluationError) in
                try candidate.withUnsafeBufferPointer { (right) throws(EvaluationError) in
                    try perFace(reference: left, candidate: right, width: width)
                }
            }
        } catch {
            throw ArcFaceError(.runtimeFailed, error.description)
        }
    }

    /// For each row of the candidate the row of the reference that it is most like.
    ///
    /// - Throws: `ArcFaceError` when a set is empty.
    static func nearestRows(
        reference: [Float], candidate: [Float], width: Int, window: Int
    ) throws(ArcFaceError) -> [Int] {
        do throws(EvaluationError) {
            return try reference.withUnsafeBufferPointer { (left) throws(EvaluationError) in
                try candidate.withUnsafeBufferPointer { (right) throws(EvaluationError) in
                    try nearestRows(reference: left, candidate: right, width: width, window: window)
                }
            }
        } catch {
            throw ArcFaceError(.runtimeFailed, error.description)
        }
    }
}
