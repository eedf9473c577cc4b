internal import Foundation
package import Signatures

extension EngineSignature {
    /// The only scheme in use.
    static let ed25519 = "ed25519"
}

extension EngineManifest {
    /// What is signed: the manifest without its signature, after words that no other kind of document begins with.
    func messageToSign() throws(EngineStoreError) -> [UInt8] {
        Array("arcface-tensorrt engine manifest\n".utf8) + (try signedBytes())
    }

    /// The same manifest with this key's signature, in place of any other.
    ///
    /// - Throws: `manifestMalformed` if it can't be written, `signatureInvalid` if the key can't sign.
    package func signed(by key: SigningKey) throws(EngineStoreError) -> EngineManifest {
        let message = try messageToSign()
        let value: [UInt8]
        do throws(SignatureError) {
            value = try key.signature(of: message)
        } catch {
            throw EngineStoreError(.signatureInvalid, error.what, at: error.location, mend: error.mend)
        }
        var signed = self
        signed.signature = EngineSignature(
            algorithm: EngineSignature.ed25519, publicKey: key.verificationKey.base64,
            value: Data(value).base64EncodedString())
        return signed
    }
}
