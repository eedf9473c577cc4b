internal import Foundation
package import Signatures

/// Whose engines may be loaded. An engine is code: this is asked before any byte of a plan is used.
package struct EngineTrust: Sendable, Equatable {
    /// Whether an engine needs a signature by one of `keys`.
    package var requiresSignature: Bool
    /// The public keys whose signatures count.
    package var keys: [VerificationKey]

    /// Trusts whoever signed with one of the keys, and without `requiresSignature` everybody who doesn't sign.
    package init(requiresSignature: Bool, keys: [VerificationKey] = []) {
        self.requiresSignature = requiresSignature
        self.keys = keys
    }

    /// Takes every engine whose bytes are those that its manifest describes.
    package static let anyone = EngineTrust(requiresSignature: false)

    /// Sees that a manifest may be believed.
    ///
    /// A signature that is there must be right whether one is required or not: a wrong one means that something was altered.
    ///
    /// - Parameters:
    ///   - manifest: the manifest.
    ///   - location: names the engine in errors.
    /// - Throws: `signatureInvalid`, `unsigned` or `untrustedSigner`.
    package func check(_ manifest: EngineManifest, at location: String) throws(EngineStoreError) {
        guard let signature = manifest.signature else {
            guard requiresSignature else { return }
            throw EngineStoreError(
                .unsigned, "nobody signed this engine, and storage.require_signature is set", at: location,
                mend: "sign it: engines sign, or build it with a signing key")
        }
        guard signature.algorithm == EngineSignature.ed25519,
            let key = VerificationKey(base64: signature.publicKey),
            let value = Data(base64Encoded: signature.value), value.base64EncodedString() == signature.value,
            key.verifies(Array(value), of: try manifest.messageToSign())
        else {
            throw EngineStoreError(
                .signatureInvalid, "its signature is not one of this manifest: something was altered", at: location,
                mend: "fetch or build the engine again")
        }
        guard requiresSignature, !keys.contains(key) else { return }
        throw EngineStoreError(
            .untrustedSigner, "signed by a stranger, \(key)", at: location,
            mend: "add the key to storage.public_keys if its owner is to be trusted")
    }
}
