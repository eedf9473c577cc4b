internal import Crypto
internal import Foundation

/// A private Ed25519 key. Written `ed25519-private:` and 32 bytes in Base64; no description, dump or mirror shows it.
package struct SigningKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let seed: [UInt8]
    /// The public half.
    package let verificationKey: VerificationKey

    /// How the text of a private key begins, so that it can't be taken for a public one.
    package static let prefix = "ed25519-private:"

    /// A new key of the system's randomness.
    ///
    /// - Throws: `malformedKey` if the key that was made can't be read back.
    package init() throws(SignatureError) {
        try self.init(seed: Array(Curve25519.Signing.PrivateKey().rawRepresentation), location: "a new key")
    }

    /// The key that a text is; white space around it doesn't count.
    ///
    /// - Parameters:
    ///   - text: `ed25519-private:…`.
    ///   - location: names the file or variable in errors.
    /// - Throws: `malformedKey`.
    package init(text: String, location: String) throws(SignatureError) {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasPrefix(Self.prefix),
            let data = Data(base64Encoded: String(text.dropFirst(Self.prefix.count)))
        else { throw Self.malformed(location) }
        try self.init(seed: Array(data), location: location)
    }

    private init(seed: [UInt8], location: String) throws(SignatureError) {
        guard seed.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            let verificationKey = VerificationKey(base64: key.publicKey.rawRepresentation.base64EncodedString())
        else { throw Self.malformed(location) }
        self.seed = seed
        self.verificationKey = verificationKey
    }

    private static func malformed(_ location: String) -> SignatureError {
        SignatureError(
            .malformedKey, "this is no private key", at: location,
            mend: "it is one line, ed25519-private:…, as `engines keygen` writes it")
    }

    /// The text to keep in a file. The only way to see the key.
    func secretText() -> String { Self.prefix + Data(seed).base64EncodedString() }

    /// The signature over these bytes, 64 bytes.
    ///
    /// - Throws: `malformedKey` if the key can't sign.
    package func signature(of message: [UInt8]) throws(SignatureError) -> [UInt8] {
        do {
            return Array(try Curve25519.Signing.PrivateKey(rawRepresentation: seed).signature(for: message))
        } catch {
            throw Self.malformed("the private key")
        }
    }

    package var description: String { "(private key of \(verificationKey))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["verificationKey": verificationKey]) }
}
