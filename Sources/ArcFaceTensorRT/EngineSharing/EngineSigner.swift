import EngineStore
import Foundation
import Signatures

/// Signs the engines that are built here, if there is a key for it.
struct EngineSigner {
    private let key: SigningKey?

    /// The environment variable that may hold the private key.
    static let variable = "ARCFACE_SIGNING_KEY"

    /// Reads the key.
    ///
    /// - Parameters:
    ///   - storage: names the key's file, and whether signatures are required.
    ///   - path: another file, which ranks over the configured one.
    ///   - environment: may hold the key itself.
    /// - Throws: `ArcFaceError` with code `.configuration` if the key can't be used, if there is none though signatures are
    ///   required, or if nobody trusts it: what is built could not be loaded.
    init(
        _ storage: StorageConfiguration, path: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ArcFaceError) {
        do throws(SignatureError) {
            if let path = path ?? storage.signingKeyPath {
                key = try SigningKey.reading(path)
            } else if let text = environment[Self.variable], !text.isEmpty {
                key = try SigningKey(text: text, location: Self.variable)
            } else {
                key = nil
            }
        } catch {
            throw ArcFaceError(.configuration, error.what, at: error.location, mend: error.mend)
        }
        guard storage.requireSignature else { return }
        guard let key else {
            throw ArcFaceError(
                .configuration, "engines must be signed, and there is no key to sign with",
                at: "storage.require_signature",
                mend: "set storage.signing_key_path or \(Self.variable), or pull the engine from a machine that has one"
            )
        }
        guard try EngineTrust(storage).keys.contains(key.verificationKey) else {
            throw ArcFaceError(
                .configuration, "the key to sign with isn't among those that are trusted, \(key.verificationKey)",
                at: "storage.public_keys", mend: "add it")
        }
    }

    /// The public key of what is signed; nil if nothing is.
    var publicKey: String? { key.map { "\($0.verificationKey)" } }

    /// The manifest with a signature, or as it is if there is no key.
    func signed(_ manifest: EngineManifest) throws(EngineStoreError) -> EngineManifest {
        guard let key else { return manifest }
        return try manifest.signed(by: key)
    }
}
