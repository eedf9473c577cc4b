import CFaceImages
import FaceImages
import Testing

@Suite struct FaceAlignerTests {
    /// Bilinear sampling as the textbook has it, in double.
    static func reference(_ image: PixelImage, _ transform: SimilarityTransform) -> [Double] {
        let back = transform.inverse
        func pixel(_ x: Int, _ y: Int, _ channel: Int) -> Double {
            guard x >= 0, y >= 0, x < image.width, y < image.height else { return 0 }
            return Double(image.bytes[(y * image.width + x) * 3 + channel])
        }
        var values: [Double] = []
        for y in 0..<112 {
            for x in 0..<112 {
                let source = back(Point(x: Double(x), y: Double(y)))
                let left = Int(source.x.rounded(.down)), top = Int(source.y.rounded(.down))
                let fx = source.x - Double(left), fy = source.y - Double(top)
                for channel in 0..<3 {
                    let upper = pixel(left, top, channel) * (1 - fx) + pixel(left + 1, top, channel) * fx
                    let lower = pixel(left, top + 1, channel) * (1 - fx) + pixel(left + 1, top + 1, channel) * fx
                    values.append(upper * (1 - fy) + lower * fy)
                }
            }
        }
        return values
    }

    static func warp(_ photo: Photo, _ transform: SimilarityTransform) throws -> [UInt8] {
        var batch = FaceBatch()
        try batch.appendFace { (output) throws(FaceImageError) in
            try FaceAligner.warp(photo, by: transform, into: output)
        }
        return batch.pixels
    }

    @Test(arguments: [
        (0.7, 0.1, 20.0, 30.0), (2.3, -0.4, -60.0, -90.0), (0.05, 0.3, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0),
        (1.0, 0.0, 55.5, 40.25), (-0.9, 0.2, 100.0, 112.0), (12.0, 3.0, -400.0, -200.0),
    ])
    func samplingIsBilinearAndBlackOutside(_ a: Double, _ b: Double, _ tx: Double, _ ty: Double) throws {
        let image = PixelImage.busy(width: 97, height: 71)
        let transform = SimilarityTransform(a: a, b: b, tx: tx, ty: ty)
        let warped = try Self.warp(try image.photo(), transform)
        let worst = zip(warped, Self.reference(image, transform)).map { abs(Double($0) - $1) }.max() ?? 0
        // Half a step of rounding, and what float32 loses of a coordinate.
        #expect(worst < 0.51)
    }

    @Test func vectorAndPortableCodeAgreeBitForBit() throws {
        let photo = try PixelImage.busy(width: 203, height: 151).photo()
        var differing = 0
        for step in 0..<400 {
            let angle = Double(step) * 0.37, scale = 0.05 + Double(step % 40) * 0.06
            let matrix = [
                scale * (1 - angle), -scale * angle, Double(step % 17) * 11 - 40, scale * angle, scale * (1 - angle),
                Double(step % 13) * 13 - 50,
            ]
            var fast = [UInt8](repeating: 1, count: FaceBatch.bytesPerFace)
            var portable = [UInt8](repeating: 2, count: FaceBatch.bytesPerFace)
            photo.withUnsafeBytes { bytes in
                guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
                let image = FIImage(
                    pixels: base, width: Int32(photo.width), height: Int32(photo.height), row_bytes: photo.rowBytes)
                #expect(fi_warp_square(image, matrix, 112, &fast))
                #expect(fi_warp_square_portable(image, matrix, 112, &portable))
            }
            if fast != portable { differing += 1 }
        }
        #expect(differing == 0)
    }

    @Test func aFaceThatIsAlignedAlreadyStaysAsItIs() throws {
        let image = PixelImage.busy(width: 112, height: 112)
        let photo = try image.photo()
        var batch = FaceBatch()
        try batch.appendFace { (output) throws(FaceImageError) in
            try FaceAligner.align(photo, landmarks: .arcFaceTemplate, into: output)
        }
        try batch.appendFace { (output) throws(FaceImageError) in try FaceAligner.copyAligned(photo, into: output) }
        #expect(Array(batch[0]) == image.bytes)
        #expect(Array(batch[1]) == image.bytes)
    }

    @Test func landmarksEndOnTheTemplate() throws {
        // A white dot at each landmark of a turned, larger face must appear at ArcFace's template point.
        let place = SimilarityTransform(a: 3, b: 0.8, tx: 120, ty: 40)
        let points = Landmarks.arcFaceTemplate.points.map { place($0) }
        let image = PixelImage(width: 500, height: 480) { x, y in
            let near = points.contains { abs($0.x - Double(x)) <= 6 && abs($0.y - Double(y)) <= 6 }
            return near ? (255, 255, 255) : (0, 0, 0)
        }
        let landmarks = try #require(Landmarks(coordinates: points.flatMap { [$0.x, $0.y] }))
        let photo = try image.photo()
        var batch = FaceBatch()
        try batch.appendFace { (output) throws(FaceImageError) in
            try FaceAligner.align(photo, landmarks: landmarks, into: output)
        }
        for point in Landmarks.arcFaceTemplate.points {
            let center = (Int(point.y.rounded()) * 112 + Int(point.x.rounded())) * 3
            #expect(batch.pixels[center] == 255)
        }
        #expect(batch.pixels.filter { $0 > 127 }.count < 5 * 25 * 3)
    }

    @Test func aPhotoOfAnotherSizeIsNoAlignedFace() throws {
        let photo = try PixelImage.busy(width: 111, height: 112).photo()
        var batch = FaceBatch()
        let error = #expect(throws: FaceImageError.self) {
            try batch.appendFace { (output) throws(FaceImageError) in try FaceAligner.copyAligned(photo, into: output) }
        }
        #expect(error?.code == .wrongSize)
        #expect(error?.description.contains("111×112") == true)
        #expect(batch.isEmpty)
    }

    @Test func aTransformOutOfReachIsRefused() throws {
        let photo = try PixelImage.busy(width: 20, height: 20).photo()
        for transform in [
            SimilarityTransform(a: 1e-12, b: 0, tx: 5, ty: 5), SimilarityTransform(a: 0, b: 0, tx: 0, ty: 0),
            SimilarityTransform(a: .nan, b: 0, tx: 0, ty: 0),
        ] {
            let error = #expect(throws: FaceImageError.self) { try Self.warp(photo, transform) }
            #expect(error?.code == .degenerateLandmarks)
        }
    }
}
