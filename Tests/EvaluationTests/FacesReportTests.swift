import Foundation
import Testing

@testable import Evaluation

struct FacesReportTests {
    private func face(_ x: Double, _ y: Double, score: Double = 0.9, norm: Double = 20) -> FacesReport.Face {
        FacesReport.Face(
            box: .init(x: x, y: y, width: 50, height: 60), landmarks: [.init(x: x + 10, y: y + 10)], score: score,
            norm: norm, crop: DataURI(.png, bytes: [UInt8](repeating: UInt8(x), count: 3)))
    }

    private func report(_ photos: [FacesReport.Photo], matrix: CosineMatrix? = nil) -> String {
        FacesReport(
            title: "Faces", facts: [.init("model", "a.onnx")], photos: photos, matrix: matrix
        ).html()
    }

    private func photo(_ faces: [FacesReport.Face], name: String = "a.jpg", note: String = "") -> FacesReport.Photo {
        FacesReport.Photo(
            name: name, image: DataURI(.jpeg, bytes: [0xFF, 0xD8]), width: 640, height: 480, faces: faces, note: note)
    }

    private func count(_ part: String, in page: String) -> Int {
        page.components(separatedBy: part).count - 1
    }

    @Test func facesAreNumberedThroughAllPhotos() throws {
        let page = report([photo([face(1, 100), face(2, 100)]), photo([face(3, 100)], name: "b.jpg")])
        for number in 0...2 {
            #expect(count("aria-label=\"face \(number)\"", in: page) == 1)
            #expect(count("</rect>", in: page) == 0 && count(">\(number)</text>", in: page) == 1)
        }
        #expect(count("<section>", in: page) == 2)
        #expect(page.contains("2 faces") && page.contains("1 face<"))
    }

    @Test func eachImageIsInThePageOnceAndNothingIsFetched() throws {
        let vectors: [Float] = [1, 0, 0, 1]
        let matrix = try vectors.withUnsafeBufferPointer { try CosineMatrix(embeddings: $0, width: 2) }
        let page = report([photo([face(1, 100), face(2, 100)])], matrix: matrix)
        #expect(count("data:image/png;base64,AQEB", in: page) == 1)
        #expect(count("data:image/png;base64,AgIC", in: page) == 1)
        #expect(count("data:image/jpeg;base64,/9g=", in: page) == 1)
        for outside in ["http:", "https:", "<script", "<link", "@import"] { #expect(!page.contains(outside)) }
    }

    @Test func everyTextIsEscaped() throws {
        let evil = "</title><script>alert('1')</script>\"&\u{0}"
        let page = FacesReport(
            title: evil, summary: evil, facts: [.init(evil, evil)],
            photos: [photo([], name: evil, note: evil)]
        ).html()
        #expect(!page.contains("<script") && !page.contains("alert('") && !page.contains("\u{0}"))
        let safe = "&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp; "
        // The title and a photo's name stand in two places each.
        #expect(count(safe, in: page) == 8)
    }

    @Test func theMatrixShowsEachSimilarityAndTheClosestPair() throws {
        let vectors: [Float] = [1, 0, 0.6, 0.8, -1, 0]
        let matrix = try vectors.withUnsafeBufferPointer { try CosineMatrix(embeddings: $0, width: 2) }
        let page = report([photo([face(1, 1), face(2, 1), face(3, 1)])], matrix: matrix)
        #expect(count(">0.60</td>", in: page) == 2)
        #expect(count(">−0.60</td>", in: page) == 2)
        #expect(count(">−1.00</td>", in: page) == 2)
        #expect(count(">1.00</td>", in: page) == 3)
        #expect(page.contains("faces <b>0</b> and <b>1</b>, 0.600."))
    }

    @Test func numbersThatAreNotFiniteLeaveThePageWhole() throws {
        let broken = FacesReport.Face(
            box: .init(x: .nan, y: .infinity, width: -1, height: 1e300), score: .nan, norm: .infinity,
            crop: DataURI(.png, bytes: []))
        let page = report([photo([broken])])
        #expect(!page.lowercased().contains("nan") && !page.contains("inf"))
        #expect(page.contains("<dt>score</dt><dd>–</dd>") && page.hasSuffix("</html>\n"))
        #expect(!page.contains("<rect"))
    }

    @Test func aTableOfTooManyFacesIsLeftOut() throws {
        let vectors = [Float](repeating: 1, count: 201)
        let matrix = try vectors.withUnsafeBufferPointer { try CosineMatrix(embeddings: $0, width: 1) }
        let page = report([], matrix: matrix)
        #expect(page.contains("201 faces are too many") && !page.contains("<table"))
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (-0.5, 1, "−0.5"), (0.995, 2, "1.00"), (12.3456, 3, "12.346"),
        (1234.5, 0, "1235"), (.nan, 2, "–"), (-.infinity, 2, "–"), (1e300, 2, "–"),
    ])
    func numbersHaveTheirDecimals(value: Double, decimals: Int, expected: String) {
        #expect(HTMLText.number(value, decimals: decimals) == expected)
    }
}
