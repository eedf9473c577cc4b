import Foundation
import Signatures
import Testing

@Suite struct KeyTests {
    private func path() -> String { NSTemporaryDirectory() + "/key-\(UUID().uuidString)" }

    @Test func aKeyIsReadBackFromItsFile() throws {
        let path = path()
        let key = try SigningKey()
        try key.write(to: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        let again = try SigningKey.reading(path)
        #expect(again.verificationKey == key.verificationKey)
        #expect(key.verificationKey.verifies(try again.signature(of: [1, 2, 3]), of: [1, 2, 3]))
        #expect(!key.verificationKey.verifies(try again.signature(of: [1, 2, 3]), of: [1, 2]))
    }

    @Test func aKeyIsNeverReplaced() throws {
        let path = path()
        try SigningKey().write(to: path)
        let before = FileManager.default.contents(atPath: path)
        let error = #expect(throws: SignatureError.self) { try SigningKey().write(to: path) }
        #expect(error?.code == .unwritable)
        #expect(FileManager.default.contents(atPath: path) == before)
    }

    @Test func aKeyThatOthersMayReadIsRefused() throws {
        let path = path()
        try SigningKey().write(to: path)
        chmod(path, 0o640)
        let error = #expect(throws: SignatureError.self) { try SigningKey.reading(path) }
        #expect(error?.code == .exposed)
    }

    @Test(arguments: ["", "ed25519:AAAA", "ed25519-private:", "ed25519-private:AAAA", "ed25519-private:!", "hello"])
    func whatIsNoPrivateKeyIsRefused(_ text: String) {
        #expect(throws: SignatureError.self) { try SigningKey(text: text, location: "x") }
    }

    @Test func aPublicKeyHasOneSpelling() throws {
        let text = try SigningKey().verificationKey.description
        #expect(VerificationKey(text: text)?.description == text)
        for wrong in [text + "\n", text.replacing("ed25519:", with: ""), String(text.dropLast()), "ed25519-private:x"] {
            #expect(VerificationKey(text: wrong) == nil)
        }
    }

    /// RFC 8032, section 7.1, test 2: the seed, the public key, and the signature of one byte.
    @Test func signaturesAreThoseOfTheStandard() throws {
        let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
        let publicKey = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
        let signature =
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        let key = try SigningKey(text: "ed25519-private:\(Data(Self.bytes(seed)).base64EncodedString())", location: "x")
        #expect(key.verificationKey.base64 == Data(Self.bytes(publicKey)).base64EncodedString())
        #expect(key.verificationKey.verifies(Self.bytes(signature), of: [0x72]))
        #expect(!key.verificationKey.verifies(Self.bytes(signature), of: [0x73]))
    }

    @Test func aPrivateKeyIsNeverShown() throws {
        let path = path()
        let key = try SigningKey()
        try key.write(to: path)
        let secret = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
            .split(separator: ":")[1].dropLast()
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] { #expect(!text.contains(secret)) }
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { offset in
            UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
        }
    }
}
