internal import Crypto
internal import Foundation

/// A public Ed25519 key: tells whether the owner of the private one signed. Written `ed25519:` and 32 bytes in Base64.
package struct VerificationKey: Sendable, Hashable, CustomStringConvertible {
    /// The key's 32 bytes in Base64, as manifests have them.
    package let base64: String
    private let bytes: [UInt8]

    /// How the text of a public key begins.
    package static let prefix = "ed25519:"

    /// The key that these 32 bytes in Base64 are; nil for anything else.
    package init?(base64: String) {
        guard let data = Data(base64Encoded: base64), data.count == 32,
            data.base64EncodedString() == base64,
            (try? Curve25519.Signing.PublicKey(rawRepresentation: data)) != nil
        else { return nil }
        self.base64 = base64
        bytes = Array(data)
    }

    /// The key that a text of the form `ed25519:…` is; nil for anything else.
    package init?(text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        self.init(base64: String(text.dropFirst(Self.prefix.count)))
    }

    /// As it is written in configurations.
    package var description: String { Self.prefix + base64 }

    /// Whether `signature` is the owner's over exactly these bytes.
    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == 64,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }
}
