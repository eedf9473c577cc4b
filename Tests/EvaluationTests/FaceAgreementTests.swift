import Testing

@testable import Evaluation

struct FaceAgreementTests {
    private let reference: [Float] = [3, 0, 0, 2, 1, 1]
    private let candidate: [Float] = [0, 5, 4, 0, 1, 1]

    @Test func `each face has its own cosine, distance and lengths`() throws {
        let faces = try reference.withUnsafeBufferPointer { left in
            try candidate.withUnsafeBufferPointer { right in
                try FaceAgreement.perFace(reference: left, candidate: right, width: 2)
            }
        }
        #expect(faces.map(\.cosine) == [0, 0, faces[2].cosine] && abs(faces[2].cosine - 1) < 1e-12)
        #expect(abs(faces[0].l2 - 2.0.squareRoot()) < 1e-12 && faces[2].l2 < 1e-12)
        #expect(faces[0].referenceNorm == 3 && faces[0].candidateNorm == 5)
    }

    @Test func `rows are matched within their window only`() throws {
        func places(window: Int) throws -> [Int] {
            try reference.withUnsafeBufferPointer { left in
                try candidate.withUnsafeBufferPointer { right in
                    try FaceAgreement.nearestRows(reference: left, candidate: right, width: 2, window: window)
                }
            }
        }
        #expect(try places(window: 3) == [1, 0, 2])
        #expect(try places(window: 1) == [0, 1, 2])
    }
}
