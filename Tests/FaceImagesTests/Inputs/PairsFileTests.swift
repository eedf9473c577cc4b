import FaceImages
import Testing

@Suite struct PairsFileTests {
    private static func read(_ text: String, folds: Int? = nil) throws -> PairsFile {
        let folder = try TemporaryFolder()
        return try PairsFile.read(PhotoPath(try folder.write("pairs.txt", text: text)), folds: folds)
    }

    @Test func theFormOfLFWHasFoldsOfBothKinds() throws {
        let file = try Self.read("2 1\nAnn\t1\t12\nAnn\t1\tBob\t2\nCy\t3\t4\nCy\t4\tAnn\t1\n")
        #expect(file.faces == ["Ann_0001", "Ann_0012", "Bob_0002", "Cy_0003", "Cy_0004"])
        #expect(file.foldCount == 2)
        #expect(file.pairs.map(\.fold) == [0, 0, 1, 1])
        #expect(file.pairs.map(\.isSame) == [true, false, true, false])
        #expect(file.faces[file.pairs[1].gallery] == "Ann_0001" && file.faces[file.pairs[1].probe] == "Bob_0002")
    }

    @Test(arguments: [
        "a/x.jpg b.png 1\nc.png b.png 0", "1\ta/x.jpg\tb.png\n0\tc.png\tb.png",
        "# pairs\na/x.jpg, b.png, 1\n\nc.png,b.png,0",
    ])
    func aPairALineComesInSeveralForms(_ text: String) throws {
        let file = try Self.read(text, folds: 2)
        #expect(file.pairs.map(\.isSame) == [true, false])
        #expect(file.faces[file.pairs[0].gallery] == "a/x.jpg" && file.faces[file.pairs[0].probe] == "b.png")
    }

    @Test func tabsLetNamesHoldSpaces() throws {
        #expect(try Self.read("my a.jpg\tmy b.jpg\t1\n").faces == ["my a.jpg", "my b.jpg"])
    }

    @Test func pairsWithoutFoldsAreDealtKindByKind() throws {
        let lines = (0..<40).map { "a\($0) b\($0) \($0 < 20 ? 1 : 0)" }
        let file = try Self.read(lines.joined(separator: "\n"))
        #expect(file.foldCount == 10)
        for fold in 0..<10 {
            for kind in [true, false] {
                #expect(file.pairs.filter { $0.fold == fold && $0.isSame == kind }.count == 2)
            }
        }
        #expect(try Self.read(lines.joined(separator: "\n"), folds: 4).foldCount == 4)
    }

    @Test(arguments: [
        ("2 1\nAnn 1 2\nBob 1 2\n", 3), ("1 1\nAnn 1 x\nAnn 1 Bob 2", 2), ("1 1\nAnn 1 2\nAnn 1 Bob 2\nCy 1 2", 4),
        ("a b 1\na b", 2), ("a b 1\na b 2", 2), ("0 300\n", 1), ("a b c 1", 1),
    ])
    func aLineThatMakesNoSenseIsNamed(_ text: String, _ line: Int) throws {
        let error = #expect(throws: FaceImageError.self) { try Self.read(text) }
        #expect(error?.code == .malformed && error?.line == line)
    }

    @Test func missingLinesAreTold() throws {
        let error = #expect(throws: FaceImageError.self) { try Self.read("2 1\nAnn 1 2\nAnn 1 Bob 2\n") }
        #expect(error?.what == "the first line promises 4 pairs, and there are only 2")
        #expect(throws: FaceImageError.self) { try Self.read("# nothing\n") }
    }

    @Test func photosAreFoundByPathAndByName() throws {
        let folder = try TemporaryFolder()
        for name in ["a/x.jpg", "b/x.png", "b/y.png", "c/Ann_0001.jpeg"] { try folder.write(name, text: "") }
        let index = try PhotoIndex(folder: folder.path)
        func found(_ name: String) throws -> String? { try index.path(of: name)?.description }
        #expect(try found("a/x.jpg") == folder.path + "/a/x.jpg")
        #expect(try found("b/x") == folder.path + "/b/x.png")
        #expect(try found("Ann_0001") == folder.path + "/c/Ann_0001.jpeg")
        #expect(try found("y.png") == folder.path + "/b/y.png")
        #expect(try found("c/x.jpg") == nil && found("z") == nil)
        #expect(throws: FaceImageError.self) { try found("x") }
    }
}
