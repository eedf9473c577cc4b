import FaceImages
import Foundation
import Testing

@Suite struct PhotoListTests {
    static func names(_ list: PhotoList, below folder: TemporaryFolder) -> [String] {
        (0..<list.count).map { String(list[$0].description.dropFirst(folder.path.count + 1)) }
    }

    @Test func aFolderGivesItsPhotosSortedBytewise() throws {
        let folder = try TemporaryFolder()
        for name in ["b.jpg", "a/z.PNG", "a/deep/er/x.JpEg", "a-b.jpg", "B.jpg", "ä.png"] { try folder.write(name) }
        for name in ["note.txt", "c.gif", ".hidden.jpg", ".cache/d.jpg", "jpg", "e.jpg.part"] { try folder.write(name) }
        let list = try PhotoList.expand(paths: [folder.path])
        #expect(
            Self.names(list, below: folder) == ["B.jpg", "a-b.jpg", "a/deep/er/x.JpEg", "a/z.PNG", "b.jpg", "ä.png"])
        #expect(list.problems.isEmpty)
    }

    @Test func aTrailingSlashChangesNothing() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.jpg")
        let list = try PhotoList.expand(paths: [folder.path + "/"])
        #expect(list[0] == PhotoPath(folder.path + "/a.jpg"))
    }

    @Test func argumentsKeepTheirOrder() throws {
        let folder = try TemporaryFolder()
        let second = try folder.write("z/1.jpg"), first = try folder.write("no-suffix")
        let list = try PhotoList.expand(paths: [first, folder.path + "/z", first])
        #expect((0..<list.count).map { list[$0].description } == [first, second, first])
    }

    @Test func linksThatLoopEndAndLinkedFoldersAreSearched() throws {
        let folder = try TemporaryFolder(), elsewhere = try TemporaryFolder()
        try folder.write("a/1.jpg")
        try elsewhere.write("2.jpg")
        try folder.link("a/loop", to: folder.path)
        try folder.link("itself", to: "itself")
        try folder.link("elsewhere", to: elsewhere.path)
        try folder.link("again", to: folder.path + "/a")
        try folder.link("3.jpg", to: folder.path + "/a/1.jpg")
        let list = try PhotoList.expand(paths: [folder.path])
        #expect(Self.names(list, below: folder) == ["3.jpg", "a/1.jpg", "elsewhere/2.jpg"])
    }

    @Test func aFolderWithoutPhotosIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("readme.md")
        let error = #expect(throws: FaceImageError.self) { try PhotoList.expand(paths: [folder.path]) }
        #expect(error?.code == .noPhotos)
        #expect(error?.path == folder.path)
    }

    @Test func oneBadArgumentDoesNotStopTheOthers() throws {
        let folder = try TemporaryFolder()
        try folder.write("empty/readme.md")
        let photo = try folder.write("a.jpg")
        let list = try PhotoList.expand(paths: [folder.path + "/empty", folder.path + "/missing", photo])
        #expect(list.count == 1)
        #expect(list.problems.map(\.code) == [.noPhotos, .notFound])
    }

    @Test func noArgumentsAreAnError() {
        let error = #expect(throws: FaceImageError.self) { try PhotoList.expand(paths: []) }
        #expect(error?.code == .noPhotos)
    }

    @Test func aListKeepsItsOrderAndItsMissingFiles() throws {
        let folder = try TemporaryFolder()
        let text = "\u{FEFF}b.jpg\r\n\r\n# not this one\n  sub/with space.png \n/abs/c.jpg\nb.jpg"
        let list = try PhotoList.expand(paths: [try folder.write("photos.TXT", text: text)])
        #expect(
            (0..<list.count).map { list[$0].description } == [
                folder.path + "/b.jpg", folder.path + "/sub/with space.png", "/abs/c.jpg", folder.path + "/b.jpg",
            ])
        let error = #expect(throws: FaceImageError.self) { try PhotoDecoder().decode(path: list[0]) }
        #expect(error?.code == .notFound)
    }

    @Test(arguments: ["", "# only a comment\n\n"]) func aListOfNothingIsNamed(_ text: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("photos.lst", text: text)
        let error = #expect(throws: FaceImageError.self) { try PhotoList.expand(paths: [path]) }
        #expect(error?.code == (text.isEmpty ? .empty : .noPhotos))
        #expect(error?.path == path)
    }

    @Test func aBinaryFileIsNoList() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("photos.txt", [97, 0, 98, 10])
        let error = #expect(throws: FaceImageError.self) { try PhotoList.expand(paths: [path]) }
        #expect(error?.code == .malformed)
    }

    @Test func namesThatAreNotUTF8AreFoundAndOpened() throws {
        let folder = try TemporaryFolder()
        let image = PixelImage.busy(width: 5, height: 4)
        let path = PhotoPath(bytes: Array(folder.path.utf8) + Array("/caf".utf8) + [0xE9] + Array(".png".utf8))
        let file: UnsafeMutablePointer<FILE>? = path.withCString { fopen($0, "wb") }
        let bytes = try PNGFixture.encode(image)
        let stream = try #require(file)
        fwrite(bytes, 1, bytes.count, stream)
        fclose(stream)
        let list = try PhotoList.expand(paths: [folder.path])
        #expect(list.count == 1 && list[0] == path)
        #expect(PixelImage(try PhotoDecoder().decode(path: list[0])) == image)
        #expect(list[0].description.hasSuffix("caf\u{FFFD}.png"))
    }

    @Test func twentyThousandPathsTakeLittleMemory() throws {
        let folder = try TemporaryFolder()
        let lines = (0..<20_000).map { "people/some_person_\($0 % 97)/some_person_0\($0).jpg\n" }.joined()
        let list = try PhotoList.expand(paths: [try folder.write("photos.txt", text: lines)])
        #expect(list.count == 20_000)
        #expect(list.byteCount < 8_000_000)
        #expect(list[19_999].description.hasSuffix("people/some_person_17/some_person_019999.jpg"))
    }
}
