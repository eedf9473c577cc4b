import FaceImages

/// Aligned faces with their names, as commands take them to compare, calibrate or measure.
package struct FaceSet: Sendable, Equatable {
    /// uint8 [N, 112, 112, 3], BGR.
    package let faces: FaceBatch
    /// Where each face comes from: a crop's path, `PATH#K` for face K of a photo (by descending score, from 0), and
    /// `…, variant V` for augmented ones.
    package let names: [String]
    /// What the faces are, for reports: `100 faces of photos/`, `100 faces, augmented from 6 faces`.
    package let label: String
    /// What gave no face, one line each, named.
    package let failures: [String]

    /// The faces at `count` places that are evenly spread over the set; the set itself if it has no more.
    package func spread(_ count: Int) -> FaceSet {
        guard count < faces.count else { return self }
        var batch = FaceBatch(capacity: count)
        let places = evenlySpread(count, over: faces.count)
        for place in places { batch.append(contentsOf: faces.slice(place..<place + 1)) }
        return FaceSet(faces: batch, names: places.map { names[$0] }, label: label, failures: failures)
    }
}

/// `count` places of `0..<total`, ascending and evenly spread, from 0 on; all of them if there are no more.
func evenlySpread(_ count: Int, over total: Int) -> [Int] {
    guard count < total else { return Array(0..<total) }
    // Widened: a count of samples and a length of a list may be millions each.
    return (0..<count).map { place in
        let (high, low) = total.multipliedFullWidth(by: place)
        return count.dividingFullWidth((high, low)).quotient
    }
}
