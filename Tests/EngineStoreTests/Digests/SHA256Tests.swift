import CDigests
import Digests
import Foundation
import Testing
import engine_store_probe

@Suite struct SHA256Tests {
    /// FIPS 180-4's examples and those of NIST's page "SHA256 additional examples", by value.
    static let vectors: [(bytes: [UInt8], hex: String)] = [
        ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            Array(
                ("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
                    + "mnopqrstnopqrstu").utf8),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        ([0xBD], "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"),
        ([0xC9, 0x8C, 0x8E, 0x55], "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504"),
        ([UInt8](repeating: 0, count: 55), "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"),
        ([UInt8](repeating: 0, count: 56), "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"),
        ([UInt8](repeating: 0, count: 57), "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"),
        ([UInt8](repeating: 0, count: 64), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"),
        ([UInt8](repeating: 0, count: 1000), "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53"),
        ([UInt8](repeating: 0x41, count: 1000), "c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4"),
        ([UInt8](repeating: 0x55, count: 1005), "f4d62ddec0f3dd90ea1380fa16a5ff8dc4c54b21740650f24afc4120903552b0"),
        (
            [UInt8](repeating: 0x61, count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
        ([UInt8](repeating: 0, count: 1_000_000), "d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025"),
    ]

    @Test(arguments: vectors.indices) func publishedVectors(index: Int) {
        #expect(Digest.of(Self.vectors[index].bytes).hex == Self.vectors[index].hex)
    }

    /// The expected value comes from Python's hashlib.
    @Test func everyLengthUpToAThousandBytes() {
        let bytes = ExampleEngine.plan(count: 1000)
        var all = SHA256()
        for length in 0..<1000 { all.update(Digest.of(Array(bytes.prefix(length))).bytes) }
        #expect(all.finalize().hex == "e8e5bd938a61edc9d23772a1abe3f42865797e27bb09f598cb610de496a6b195")
    }

    @Test func piecesOfAnySizeGiveTheSameDigest() {
        let bytes = ExampleEngine.plan(count: 5000)
        let whole = Digest.of(bytes)
        for size in [1, 3, 31, 63, 64, 65, 127, 128, 129, 1000, 4999] {
            var hasher = SHA256()
            for start in stride(from: 0, to: bytes.count, by: size) {
                hasher.update(Array(bytes[start..<min(start + size, bytes.count)]))
                hasher.update([])
            }
            #expect(hasher.finalize() == whole, "pieces of \(size)")
        }
    }

    @Test func aCopyGoesOnByItself() {
        var first = SHA256()
        first.update("a")
        var second = first
        second.update("bc")
        #expect(second.finalize() == Digest.of("abc"))
        #expect(first.finalize() == Digest.of("a"))
        first.update("bc")
        #expect(first.finalize() == Digest.of("abc"))
    }

    @Test func processorsInstructionsAndPortableCodeAgree() {
        let blocks = ExampleEngine.plan(count: 64 * 33)
        var fast: [UInt32] = [1, 2, 3, 4, 5, 6, 7, .max]
        var portable = fast
        cd_sha256_blocks(&fast, blocks, 33)
        cd_sha256_blocks_portable(&portable, blocks, 33)
        #expect(fast == portable)
    }

    @Test(.enabled(if: SHA256.isAccelerated, "this processor has no SHA instructions"))
    func acceleratedWhereTheProcessorSaysSo() throws {
        let flags = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        #expect(flags.contains("sha_ni") || flags.contains("sha2"))
    }
}
