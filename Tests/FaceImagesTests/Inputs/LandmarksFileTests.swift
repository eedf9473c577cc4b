import FaceImages
import Testing

@Suite struct LandmarksFileTests {
    static let points = (1...10).map(Double.init)

    static func read(_ text: String, in folder: TemporaryFolder, as name: String = "l.jsonl") throws -> LandmarksFile {
        try LandmarksFile.read(PhotoPath(try folder.write(name, text: text)))
    }

    @Test(arguments: [
        #"{"image": "a.jpg", "landmarks": [[1,2],[3,4],[5,6],[7,8],[9,10]], "score": 0.5}"#,
        "a.jpg 1 2 3 4 5 6 7 8 9 10", "a.jpg,1,2,3,4,5,6,7,8,9,10", "a.jpg\t1.0 2 3 4.0 5 6 7 8e0 9 10\r",
    ])
    func everyFormSaysTheSame(_ line: String) throws {
        let folder = try TemporaryFolder()
        let file = try Self.read("# faces\n\n\(line)\n", in: folder)
        #expect(
            file.faces(of: PhotoPath(folder.path + "/a.jpg")) == [try #require(Landmarks(coordinates: Self.points))])
        #expect(file.imageCount == 1)
    }

    @Test func severalLinesForOneImageAreSeveralFaces() throws {
        let folder = try TemporaryFolder()
        let file = try Self.read(
            "a.jpg 1 2 3 4 5 6 7 8 9 10\nb.jpg 0 2 3 4 5 6 7 8 9 10\na.jpg 9 2 3 4 5 6 7 8 9 10", in: folder)
        #expect(file.faces(of: PhotoPath(folder.path + "/a.jpg")).map(\.leftEye.x) == [1, 9])
        #expect(file.faces(of: PhotoPath(folder.path + "/c.jpg")).isEmpty)
    }

    @Test func pathsMayHoldSpacesAndDigits() throws {
        let folder = try TemporaryFolder()
        let file = try Self.read("my photos/12 34.jpg 1 2 3 4 5 6 7 8 9 10", in: folder)
        #expect(file.faces(of: PhotoPath(folder.path + "/my photos/12 34.jpg")).count == 1)
    }

    @Test func pathsAreComparedAsPaths() throws {
        let folder = try TemporaryFolder()
        let file = try Self.read(
            "./sub//a.jpg 1 2 3 4 5 6 7 8 9 10\n/data/b.jpg 1 2 3 4 5 6 7 8 9 10\nhere/c.jpg 1 2 3 4 5 6 7 8 9 10",
            in: folder)
        #expect(file.faces(of: PhotoPath(folder.path + "/sub/a.jpg")).count == 1)
        #expect(file.faces(of: PhotoPath(folder.path + "/./sub/a.jpg")).count == 1)
        #expect(file.faces(of: PhotoPath("/data/b.jpg")).count == 1)
        // As seen from the working folder.
        #expect(file.faces(of: PhotoPath("here/c.jpg")).count == 1)
        #expect(file.faces(of: PhotoPath("/elsewhere/sub/a.jpg")).isEmpty)
    }

    @Test(arguments: [
        "a.jpg 1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 7 8 9 10", "a.jpg 1 2 3 4 5 6 7 8 9 nan", "a.jpg 1 2 3 4 x 6 7 8 9 10",
        #"{"image": "a.jpg", "landmarks": [[1,2],[3,4],[5,6],[7,8]]}"#,
        #"{"image": "a.jpg", "landmarks": [[1,2],[3,4],[5,6],[7,8],[9]]}"#,
        #"{"image": "", "landmarks": [[1,2],[3,4],[5,6],[7,8],[9,10]]}"#,
        #"{"landmarks": [[1,2],[3,4],[5,6],[7,8],[9,10]]}"#, #"{"image": "a.jpg", "landmarks": "#,
    ])
    func aLineThatMakesNoSenseIsNamedByItsNumber(_ line: String) throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: FaceImageError.self) {
            try Self.read("b.jpg 1 2 3 4 5 6 7 8 9 10\n\n\(line)\n", in: folder)
        }
        #expect(error?.code == .malformed)
        #expect(error?.line == 3)
        #expect(error?.description.hasPrefix(folder.path + "/l.jsonl:3: ") == true)
    }

    @Test func aFileWithoutLandmarksIsNamed() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FaceImageError.self) { try Self.read("# nothing\n", in: folder) }
        let missing = #expect(throws: FaceImageError.self) { try LandmarksFile.read(PhotoPath(folder.path + "/no")) }
        #expect(missing?.code == .notFound)
    }
}
