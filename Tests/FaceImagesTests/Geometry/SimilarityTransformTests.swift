import FaceImages
import Foundation
import Testing

@Suite struct SimilarityTransformTests {
    static let face = Landmarks(
        leftEye: Point(x: 488.5, y: 323.6), rightEye: Point(x: 539.9, y: 329.7), nose: Point(x: 507, y: 354.7),
        leftMouth: Point(x: 484.1, y: 372.6), rightMouth: Point(x: 528.9, y: 379.2))

    static func moved(_ landmarks: Landmarks, _ move: (Point) -> Point) throws -> Landmarks {
        try #require(Landmarks(coordinates: landmarks.points.map(move).flatMap { [$0.x, $0.y] }))
    }

    @Test(arguments: [(0.3, 0.0, 0.0), (2.5, 1.2, -40.0), (0.01, -3.0, 900.0), (1.0, 3.14159, 0.5)])
    func aKnownTransformIsFound(_ scale: Double, _ angle: Double, _ shift: Double) throws {
        let (sine, cosine) = (angle.sine, angle.cosine)
        let known = SimilarityTransform(a: scale * cosine, b: scale * sine, tx: shift, ty: 7 - 2 * shift)
        let found = try SimilarityTransform.umeyama(from: Self.face, to: try Self.moved(Self.face) { known($0) })
        #expect(abs(found.a - known.a) < 1e-12 && abs(found.b - known.b) < 1e-12)
        #expect(abs(found.tx - known.tx) < 1e-9 && abs(found.ty - known.ty) < 1e-9)
        #expect(abs(found.scale - scale) < 1e-12)
    }

    @Test func noNearbyTransformIsBetter() throws {
        let target = Landmarks.arcFaceTemplate
        let best = try SimilarityTransform.umeyama(from: Self.face, to: target)
        func loss(_ transform: SimilarityTransform) -> Double {
            zip(Self.face.points, target.points).reduce(0) { sum, pair in
                let moved = transform(pair.0)
                return sum + (moved.x - pair.1.x) * (moved.x - pair.1.x) + (moved.y - pair.1.y) * (moved.y - pair.1.y)
            }
        }
        let least = loss(best)
        for (da, db, dx, dy) in [(1e-4, 0, 0, 0), (0, 1e-4, 0, 0), (0, 0, 1e-2, 0), (0, 0, 0, 1e-2)] {
            for sign in [-1.0, 1.0] {
                let other = SimilarityTransform(
                    a: best.a + sign * da, b: best.b + sign * db, tx: best.tx + sign * dx, ty: best.ty + sign * dy)
                #expect(loss(other) > least)
            }
        }
    }

    @Test func mirroredLandmarksAreNotMirroredBack() throws {
        let mirrored = try Self.moved(Self.face) { Point(x: -$0.x, y: $0.y) }
        let found = try SimilarityTransform.umeyama(from: mirrored, to: Self.face)
        let center = found(Point(x: 0, y: 0)), right = found(Point(x: 1, y: 0)), down = found(Point(x: 0, y: 1))
        let turn = (right.x - center.x) * (down.y - center.y) - (right.y - center.y) * (down.x - center.x)
        #expect(turn > 0)
    }

    @Test func theInverseUndoes() throws {
        let transform = try SimilarityTransform.umeyama(from: Self.face, to: .arcFaceTemplate)
        let back = transform.inverse(transform(Point(x: 123, y: 456)))
        #expect(abs(back.x - 123) < 1e-9 && abs(back.y - 456) < 1e-9)
    }

    @Test(arguments: [
        [Double](repeating: 50, count: 10), [Double](repeating: .nan, count: 10),
        [1, 2, .infinity, 4, 5, 6, 7, 8, 9, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9, .nan],
        [1e300, 0, 0, 1e300, 5, 6, 7, 8, 9, 10],
    ])
    func degenerateLandmarksAreNamed(_ coordinates: [Double]) throws {
        let landmarks = try #require(Landmarks(coordinates: coordinates))
        let error = #expect(throws: FaceImageError.self) {
            try SimilarityTransform.umeyama(from: landmarks, to: .arcFaceTemplate)
        }
        #expect(error?.code == .degenerateLandmarks)
    }

    @Test func landmarksNeedTenNumbers() {
        #expect(Landmarks(coordinates: [1, 2, 3]) == nil)
    }
}

extension Double {
    fileprivate var sine: Double { sin(self) }
    fileprivate var cosine: Double { cos(self) }
}
