/// A turn, a scale and a shift of the plane, without reflection: x′ = a x − b y + tx, y′ = b x + a y + ty.
package struct SimilarityTransform: Sendable, Hashable {
    /// Scale · cos of the angle.
    package let a: Double
    /// Scale · sin of the angle.
    package let b: Double
    /// Shift to the right, in pixels.
    package let tx: Double
    /// Shift downwards, in pixels.
    package let ty: Double

    /// The transform with the given coefficients.
    package init(a: Double, b: Double, tx: Double, ty: Double) {
        self.a = a
        self.b = b
        self.tx = tx
        self.ty = ty
    }

    /// How much lengths grow.
    package var scale: Double { (a * a + b * b).squareRoot() }

    /// The image of `point`.
    package func callAsFunction(_ point: Point) -> Point {
        Point(x: a * point.x - b * point.y + tx, y: b * point.x + a * point.y + ty)
    }

    /// The transform that undoes this one. `scale` must not be zero.
    package var inverse: SimilarityTransform {
        let square = a * a + b * b
        let a = self.a / square, b = -self.b / square
        return SimilarityTransform(a: a, b: b, tx: -(a * tx - b * ty), ty: -(b * tx + a * ty))
    }

    /// The similarity transform that takes `source` to `target` with the least sum of squared distances.
    ///
    /// S. Umeyama, "Least-squares estimation of transformation parameters between two point patterns", IEEE TPAMI
    /// 13(4), 1991, equations 40–42. In the plane its singular value decomposition has a closed form: over centred
    /// points, a = Σ(p·q) / Σ|p|² and b = Σ(p×q) / Σ|p|².
    ///
    /// Throws `.degenerateLandmarks` if a coordinate is not finite, if the source points (nearly) coincide, or if the
    /// best transform shrinks them to nothing.
    package static func umeyama(
        from source: Landmarks, to target: Landmarks
    ) throws(FaceImageError) -> SimilarityTransform {
        let from = source.points, to = target.points
        guard (from + to).allSatisfy({ $0.isFinite && abs($0.x) < 1e9 && abs($0.y) < 1e9 }) else {
            throw degenerate("a landmark is not a finite point")
        }
        let fromMean = mean(from), toMean = mean(to)
        var spread = 0.0, dot = 0.0, cross = 0.0
        for (p, q) in zip(from, to) {
            let px = p.x - fromMean.x, py = p.y - fromMean.y
            let qx = q.x - toMean.x, qy = q.y - toMean.y
            spread += px * px + py * py
            dot += px * qx + py * qy
            cross += px * qy - py * qx
        }
        guard spread > 1e-6 else { throw degenerate("the landmarks coincide") }
        let a = dot / spread, b = cross / spread
        // A face that fills the longest side that is decoded still has a scale of 1e-3.
        guard (a * a + b * b).squareRoot() > 1e-5 else { throw degenerate("the landmarks do not resemble a face") }
        return SimilarityTransform(
            a: a, b: b, tx: toMean.x - (a * fromMean.x - b * fromMean.y),
            ty: toMean.y - (b * fromMean.x + a * fromMean.y))
    }

    private static func mean(_ points: [Point]) -> Point {
        let count = Double(points.count)
        return Point(x: points.reduce(0) { $0 + $1.x } / count, y: points.reduce(0) { $0 + $1.y } / count)
    }

    private static func degenerate(_ what: String) -> FaceImageError {
        FaceImageError(.degenerateLandmarks, what: what, mend: "check the landmarks, or let the detector find them")
    }
}
