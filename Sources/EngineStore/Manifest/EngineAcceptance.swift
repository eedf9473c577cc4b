package import Digests

/// How an engine's embeddings compared with a reference's on the same faces.
package struct EngineAcceptance: Sendable, Equatable, Codable {
    /// Within the target, between target and warning, beyond the warning.
    package enum Verdict: String, Sendable, Codable {
        case pass = "PASS"
        case warn = "WARN"
        case fail = "FAIL"
    }

    /// The worst of the three metrics' verdicts.
    package var verdict: Verdict
    /// What it was compared with: a backend's name.
    package var reference: String
    /// The SHA-256 of the model file that the reference ran.
    package var referenceModel: Digest?
    /// How many faces were compared.
    package var samples: Int
    /// Mean of the cosine similarities, −1…1.
    package var cosineMean: Double
    /// The smallest cosine similarity, −1…1.
    package var cosineMin: Double
    /// Mean distance of the unit vectors, 0…2.
    package var l2Mean: Double
    /// When it was measured.
    package var measured: UTCTime

    package enum CodingKeys: String, CodingKey {
        case verdict, reference
        case referenceModel = "reference_onnx_sha256"
        case samples
        case cosineMean = "cosine_mean"
        case cosineMin = "cosine_min"
        case l2Mean = "l2_mean"
        case measured
    }

    /// Records a comparison.
    package init(
        verdict: Verdict, reference: String, referenceModel: Digest? = nil, samples: Int, cosineMean: Double,
        cosineMin: Double, l2Mean: Double, measured: UTCTime = .now
    ) {
        self.verdict = verdict
        self.reference = reference
        self.referenceModel = referenceModel
        self.samples = samples
        self.cosineMean = cosineMean
        self.cosineMin = cosineMin
        self.l2Mean = l2Mean
        self.measured = measured
    }
}

/// A signature over everything else in a manifest (`EngineManifest.signedBytes()`).
package struct EngineSignature: Sendable, Equatable, Codable {
    /// The scheme; `ed25519` is the only one in use.
    package var algorithm: String
    /// The signer's public key, Base64.
    package var publicKey: String
    /// The signature, Base64.
    package var value: String

    package enum CodingKeys: String, CodingKey {
        case algorithm
        case publicKey = "public_key"
        case value
    }

    /// Records a signature.
    package init(algorithm: String = "ed25519", publicKey: String, value: String) {
        self.algorithm = algorithm
        self.publicKey = publicKey
        self.value = value
    }
}
