import FaceImages
import Foundation
import Testing

@Suite struct YuNetDetectorTests {
    typealias Cell = SyntheticNetwork.Cell

    static func detect(
        _ network: SyntheticNetwork, width: Int = 160, height: Int = 128, options: DetectionOptions = DetectionOptions()
    ) throws -> Detection {
        let photo = try PixelImage(width: width, height: height) { _, _ in (0, 0, 0) }.photo()
        return try YuNetDetector(network: network, options: options).detect(photo)
    }

    @Test(arguments: [8, 16, 32]) func aCellBecomesAFaceInPixels(_ stride: Int) throws {
        let cell = Cell(
            stride: stride, column: 3, row: 2, classScore: 0.81, objectScore: 0.64, box: [0.25, -0.5, 0.5, 0.75],
            points: [0, 0.5, 1, 0.25, 0.5, 1, 0.125, 1.5, 1, 1.75])
        let faces = try Self.detect(SyntheticNetwork(cells: [cell])).faces
        let face = try #require(faces.first)
        #expect(faces.count == 1)
        #expect(abs(face.score - 0.72) < 1e-6)
        let pixels = Double(stride), width = exp(0.5) * pixels, height = exp(0.75) * pixels
        #expect(abs(face.box.width - width) < 1e-4 && abs(face.box.height - height) < 1e-4)
        #expect(abs(face.box.x - (3.25 * pixels - width / 2)) < 1e-4)
        #expect(abs(face.box.y - (1.5 * pixels - height / 2)) < 1e-4)
        #expect(face.landmarks.leftEye == Point(x: 3 * pixels, y: 2.5 * pixels))
        #expect(face.landmarks.rightMouth == Point(x: 4 * pixels, y: 3.75 * pixels))
    }

    @Test func scoresAreCutToOneBeforeTheyAreMultiplied() throws {
        let cells = [
            Cell(stride: 8, column: 2, row: 2, classScore: 5, objectScore: 0.64),
            Cell(stride: 8, column: 12, row: 2, classScore: 0.7, objectScore: -3),
        ]
        let faces = try Self.detect(SyntheticNetwork(cells: cells)).faces
        #expect(faces.map(\.score) == [Float(0.64).squareRoot()])
    }

    @Test func facesBelowTheLeastScoreAreLeftOut() throws {
        let cells = [
            Cell(stride: 16, column: 1, row: 1, classScore: 0.5, objectScore: 0.5),
            Cell(stride: 16, column: 7, row: 5, classScore: 0.49, objectScore: 0.5),
        ]
        let faces = try Self.detect(SyntheticNetwork(cells: cells), options: DetectionOptions(minScore: 0.5)).faces
        #expect(faces.map(\.score) == [0.5])
    }

    @Test func theBetterOfTwoOverlappingFacesStays() throws {
        let cells = [
            Cell(stride: 8, column: 8, row: 8, classScore: 0.8), Cell(stride: 8, column: 9, row: 8, classScore: 0.95),
            Cell(stride: 8, column: 14, row: 2, classScore: 0.7),
        ]
        let faces = try Self.detect(SyntheticNetwork(cells: cells)).faces
        #expect(faces.map(\.score) == [(0.95 * 0.9 as Float).squareRoot(), (0.7 * 0.9 as Float).squareRoot()])
    }

    @Test(arguments: [(Float(0.32), 1), (Float(1) / 3, 2), (0.34, 2)])
    func boxesMayOverlapUpToTheThreshold(_ threshold: Float, faces: Int) throws {
        // 16 pixels wide and 8 apart: 8 of 24 columns are shared.
        let size = Float(log(2.0000001))
        let cells = [8, 9].map { Cell(stride: 8, column: $0, row: 8, box: [0, 0, size, size]) }
        let options = DetectionOptions(nmsThreshold: threshold)
        #expect(try Self.detect(SyntheticNetwork(cells: cells), options: options).faces.count == faces)
    }

    @Test func overlapIsMeasuredOnWholePixels() throws {
        // 16.9 pixels count as 16; measured on 16.9 the overlap would be 0.357.
        let size = Float(log(16.9 / 8))
        let cells = [8, 9].map { Cell(stride: 8, column: $0, row: 8, box: [0, 0, size, size]) }
        let options = DetectionOptions(nmsThreshold: 0.35)
        #expect(try Self.detect(SyntheticNetwork(cells: cells), options: options).faces.count == 2)
    }

    @Test func onlyTheBestTakePart() throws {
        let cells = (0..<6).map {
            Cell(stride: 32, column: $0 % 5, row: $0 / 5 * 3, classScore: 0.9 - Float($0) * 0.05, box: [0, 0, 0, 0])
        }
        let network = SyntheticNetwork(cells: cells)
        #expect(try Self.detect(network).faces.count == 6)
        let best = try Self.detect(network, options: DetectionOptions(topK: 2)).faces
        #expect(best.map(\.landmarks) == (try Self.detect(network).faces.prefix(2).map(\.landmarks)))
        #expect(try Self.detect(network, options: DetectionOptions(topK: -1)).faces.isEmpty)
    }

    @Test func theNetworkSeesThePhotosOwnBufferPadded() throws {
        let photo = try PixelImage(width: 100, height: 40) { x, _ in (UInt8(x), 7, 9) }.photo()
        let network = SyntheticNetwork { image in
            #expect(image.width == 128 && image.height == 64)
            #expect(image.pixels[99 * 3] == 99 && image.pixels[100 * 3] == 0)
            #expect(image.pixels[(39 * 128 + 5) * 3 + 1] == 7 && image.pixels[(40 * 128 + 5) * 3 + 1] == 0)
        }
        #expect(try YuNetDetector(network: network).detect(photo).faces.isEmpty)
    }

    @Test func aLargePhotoIsSearchedSmallAndFoundAtItsOwnSize() throws {
        // Columns of 0 and 200 in turn: each pixel of the half-size copy is their mean.
        let photo = try PixelImage(width: 256, height: 128) { x, _ in (x.isMultiple(of: 2) ? 0 : 200, 50, 90) }.photo()
        let cell = Cell(stride: 8, column: 6, row: 4)
        let network = SyntheticNetwork(cells: [cell]) { image in
            #expect(image.width == 128 && image.height == 64)
            #expect((0..<128 * 64).allSatisfy { image.pixels[$0 * 3] == 100 && image.pixels[$0 * 3 + 2] == 90 })
        }
        let detector = YuNetDetector(network: network, options: DetectionOptions(maxSide: 128))
        let face = try #require(try detector.detect(photo).faces.first)
        #expect(face.landmarks.nose == Point(x: 96, y: 64))
        #expect(abs(face.box.width - 2 * 8 * exp(1)) < 1e-3)
    }

    @Test func brokenNumbersAreReportedAndDropped() throws {
        let cells = [
            Cell(stride: 8, column: 1, row: 1, classScore: .nan),
            Cell(stride: 8, column: 4, row: 1, box: [0, 0, .infinity, 0]),
            Cell(stride: 8, column: 8, row: 1, box: [.nan, 0, 0, 0]),
            Cell(stride: 8, column: 12, row: 1, points: [.nan, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            Cell(stride: 16, column: 5, row: 5, box: [0, 0, 1000, 1000]),
            Cell(stride: 32, column: 2, row: 2),
        ]
        let detection = try Self.detect(SyntheticNetwork(cells: cells))
        #expect(detection.faces.count == 1)
        #expect(detection.dropped.map(\.code) == [.detectorFailed])
        #expect(detection.dropped.first?.description.contains("5 detections") == true)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity]) func aNetworkOfBrokenNumbersDoesNotCrash(_ value: Float) throws
    {
        #expect(try Self.detect(SyntheticNetwork(background: value)).faces.isEmpty)
    }

    @Test func aFaceWhoseLandmarksCoincideIsDroppedWithAReason() throws {
        let cells = [
            Cell(stride: 8, column: 3, row: 3, points: [Float](repeating: 0.5, count: 10)),
            Cell(stride: 32, column: 3, row: 2),
        ]
        let detection = try Self.detect(SyntheticNetwork(cells: cells))
        #expect(detection.faces.count == 1)
        #expect(detection.dropped.map(\.code) == [.degenerateLandmarks])
    }

    @Test func outputsOfTheWrongShapeAreNamed() throws {
        for network in [SyntheticNetwork(strides: [8, 16]), SyntheticNetwork(missingFloats: 3)] {
            let error = #expect(throws: FaceImageError.self) { try Self.detect(network) }
            #expect(error?.code == .detectorFailed)
        }
    }

    @Test func theLargestFaceIsTheOneWithTheLargestBox() throws {
        let cells = [
            Cell(stride: 8, column: 2, row: 2, classScore: 0.99), Cell(stride: 32, column: 3, row: 2, classScore: 0.8),
        ]
        let faces = try Self.detect(SyntheticNetwork(cells: cells)).faces
        #expect(faces.count == 2)
        #expect(FaceSelection.all(faces) == faces)
        #expect(FaceSelection.largest(faces) == [faces[1]])
        #expect(FaceSelection.largest([]).isEmpty)
    }
}
