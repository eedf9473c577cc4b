import Digests
import Foundation
import Testing
import engine_store_probe

@Suite struct DigestTests {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func hexadecimalDigitsOfEitherCaseAreRead() throws {
        let digest = try #require(Digest(hex: abc))
        #expect(digest == Digest(hex: abc.uppercased()))
        #expect(digest == Digest.of("abc"))
        #expect(digest.hex == abc)
        #expect(digest.short == "ba7816bf8f01")
        #expect(Digest(bytes: digest.bytes) == digest)
    }

    @Test(arguments: ["", "ba78", String(repeating: "g", count: 64), String(repeating: "0", count: 65), "é"])
    func otherTextIsNoDigest(text: String) {
        #expect(Digest(hex: text) == nil)
    }

    @Test func everyByteCounts() {
        let zero = [UInt8](repeating: 0, count: 32)
        for index in 0..<32 {
            var other = zero
            other[index] = 1
            #expect(Digest(bytes: other) != Digest(bytes: zero))
        }
        #expect(Digest(bytes: Array(zero.dropLast())) == nil)
    }

    @Test func jsonIsTheHexadecimalText() throws {
        let text = try JSONEncoder().encode([Digest.of("abc")])
        #expect(String(decoding: text, as: UTF8.self) == "[\"\(abc)\"]")
        #expect(try JSONDecoder().decode([Digest].self, from: text) == [Digest.of("abc")])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Digest].self, from: Data("[\"ba78\"]".utf8)) }
    }

    @Test func aFileHasTheDigestOfItsBytes() throws {
        let folder = try TemporaryFolder()
        let bytes = ExampleEngine.plan(count: 3 << 20 | 17)
        try folder.create("file", bytes)
        #expect(try Digest.of(file: folder.path("file")) == Digest.of(bytes))
        try folder.create("empty", [])
        #expect(try Digest.of(file: folder.path("empty")) == Digest.of([UInt8]()))
    }

    @Test func whatIsNoFileIsRefusedWithoutWaiting() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        let pipe = #expect(throws: DigestError.self) { try Digest.of(file: folder.path("pipe")) }
        #expect(pipe?.code == .notRegularFile)
        let missing = #expect(throws: DigestError.self) { try Digest.of(file: folder.path("missing")) }
        #expect(missing?.code == .unopenable)
        #expect(missing?.description.contains("No such file") == true)
        let directory = #expect(throws: DigestError.self) { try Digest.of(file: folder.path) }
        #expect(directory?.code == .notRegularFile)
    }
}
