import FaceImages

/// Faces on which ranges are measured, and others on which the result is judged.
struct FaceSplit {
    /// Fewer faces would judge by one or two.
    static let fewest = 16
    /// Of so many faces one is held out.
    static let share = 4

    let calibration: FaceBatch
    let heldOut: FaceBatch

    /// Splits faces: every fourth is held out.
    ///
    /// - Throws: `ArcFaceError` with code `invalidInput` for fewer than 16.
    init(_ faces: FaceBatch) throws(ArcFaceError) {
        guard faces.count >= Self.fewest else {
            throw ArcFaceError(
                .invalidInput, "int8 can't be calibrated and judged on \(faces.count) faces",
                mend: "give \(Self.fewest) at least; 512 is a good number")
        }
        var parts = (
            calibration: FaceBatch(capacity: faces.count), heldOut: FaceBatch(capacity: faces.count / Self.share)
        )
        for face in 0..<faces.count {
            let one = faces.slice(face..<face + 1)
            if face % Self.share == Self.share - 1 {
                parts.heldOut.append(contentsOf: one)
            } else {
                parts.calibration.append(contentsOf: one)
            }
        }
        calibration = parts.calibration
        heldOut = parts.heldOut
    }
}

extension FaceBatch {
    /// `count` faces evenly spread over the batch; all if there are no more.
    func spread(_ count: Int) -> FaceBatch {
        var batch = FaceBatch(capacity: min(count, self.count))
        for place in evenlySpread(count, over: self.count) { batch.append(contentsOf: slice(place..<place + 1)) }
        return batch
    }
}
