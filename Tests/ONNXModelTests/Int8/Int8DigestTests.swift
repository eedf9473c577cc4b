import Testing

@testable import ONNXModel

/// Test vectors of FIPS 180-4 and NIST's examples.
@Suite struct Int8DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func digestsAreThoseOfTheStandard(text: String, digest: String) {
        #expect(SHA256.hex(of: Array(text.utf8)) == digest)
        var plain = SHA256(usesPlainCode: true)
        plain.update(Array(text.utf8))
        #expect(plain.hex() == digest)
    }

    @Test func aMillionLettersInUnevenPiecesGiveTheStandardsDigest() {
        var (hash, plain) = (SHA256(), SHA256(usesPlainCode: true))
        var left = 1_000_000
        var size = 1
        while left > 0 {
            let piece = [UInt8](repeating: UInt8(ascii: "a"), count: min(size, left))
            hash.update(piece)
            plain.update(piece)
            left -= size
            size = size * 3 % 257 + 1
        }
        #expect(hash.hex() == plain.hex())
        #expect(hash.hex() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test(arguments: [55, 56, 63, 64, 65, 119, 120])
    func lengthsAroundABlockDigestTheSameWholeAndByteByByte(count: Int) {
        let bytes = (0..<count).map { UInt8($0 & 0xff) }
        var hash = SHA256()
        for byte in bytes { hash.update([byte]) }
        #expect(hash.hex() == SHA256.hex(of: bytes))
        #expect(hash.hex() != SHA256.hex(of: bytes.dropLast()))
    }
}
