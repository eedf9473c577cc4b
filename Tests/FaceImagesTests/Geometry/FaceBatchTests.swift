import FaceImages
import Testing

@Suite struct FaceBatchTests {
    static func face(_ value: UInt8) -> [UInt8] { [UInt8](repeating: value, count: FaceBatch.bytesPerFace) }

    @Test func facesLieOneAfterAnother() throws {
        var batch = FaceBatch(capacity: 3)
        try batch.append(Self.face(1))
        try batch.append(Self.face(2))
        batch.append(contentsOf: try FaceBatch(count: 1, pixels: Self.face(3)))
        #expect(batch.count == 3)
        #expect(batch.pixels.count == 3 * 37_632)
        #expect(Array(batch[1]) == Self.face(2))
        #expect(batch.withUnsafeBytes { $0[2 * 37_632] } == 3)
        #expect(batch.slice(1..<3) == (try FaceBatch(count: 2, pixels: Self.face(2) + Self.face(3))))
        #expect(batch.slice(2..<2).isEmpty)
    }

    @Test(arguments: [(1, 37_631), (2, 37_632), (0, 1), (-1, 0), (.max, 37_632)])
    func aBatchOfTheWrongSizeIsRefused(_ count: Int, bytes: Int) {
        let error = #expect(throws: FaceImageError.self) {
            try FaceBatch(count: count, pixels: [UInt8](repeating: 0, count: bytes))
        }
        #expect(error?.code == .wrongSize)
    }

    @Test func aFaceOfTheWrongSizeLeavesTheBatchAsItWas() throws {
        var batch = try FaceBatch(count: 1, pixels: Self.face(7))
        #expect(throws: FaceImageError.self) { try batch.append([1, 2, 3]) }
        #expect(throws: FaceImageError.self) {
            try batch.appendFace { (_) throws(FaceImageError) in throw .noFace(minScore: 0.6) }
        }
        #expect(batch == (try FaceBatch(count: 1, pixels: Self.face(7))))
        batch.removeAll()
        #expect(batch.isEmpty)
    }
}
