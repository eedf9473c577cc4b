package import EngineStore

/// A team's engines in a bucket. See `BucketKey` for what lies where.
package struct S3EngineRepository: EngineTeam {
    let client: S3Client
    let prefix: String
    let trust: EngineTrust
    /// How long a builder's claim lasts without being renewed, in seconds.
    let leaseSeconds: Int

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - client: the bucket.
    ///   - prefix: what every key begins with; a slash is added if it doesn't end in one.
    ///   - trust: whose engines may be used.
    ///   - leaseSeconds: how long a builder's claim lasts without being renewed.
    /// - Throws: `storeMisconfigured` for a prefix that leads nowhere.
    package init(
        _ client: S3Client, prefix: String, trust: EngineTrust, leaseSeconds: Int = 60
    ) throws(EngineStoreError) {
        let parts = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast(
            prefix.hasSuffix("/") ? 1 : 0)
        guard prefix.isEmpty || parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw EngineStoreError(
                .storeMisconfigured, "this can't be what keys begin with", at: "storage.prefix `\(prefix.prefix(160))`",
                mend: "write it like engines/arcface/")
        }
        self.client = client
        self.prefix = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
        self.trust = trust
        self.leaseSeconds = leaseSeconds
    }

    package var location: String { client.location(prefix) }

    func key(_ key: BucketKey) -> String { prefix + key.text }

    /// The parts of a key that was listed; nil if it isn't below the prefix or isn't one of ours.
    func parse(_ key: String) -> BucketKey? {
        guard key.hasPrefix(prefix) else { return nil }
        return BucketKey(key.dropFirst(prefix.count))
    }

    /// Reads a manifest that was listed, and sees that it belongs there and may be believed.
    func entry(
        _ bytes: [UInt8], name: EngineName, identity: BucketKey, key: String
    ) throws(EngineStoreError) -> EngineEntry {
        let location = client.location(key)
        let manifest = try EngineManifest(json: bytes, location: location)
        guard case .manifest(_, let digest) = identity, try manifest.name() == name, try manifest.identity() == digest
        else {
            throw EngineStoreError(
                .fileAltered, "this is the manifest of another engine, \(try manifest.name())", at: location,
                mend: "delete it; somebody put it there under a wrong key")
        }
        guard manifest.plan.bytes <= PlanBytes.largest else {
            throw EngineStoreError(
                .tooLarge, "\(manifest.plan.bytes) bytes are too many for an engine", at: location, mend: "delete it")
        }
        try trust.check(manifest, at: location)
        return EngineEntry(id: identity.text, location: location, manifest: manifest)
    }

    /// The key of an entry's plan.
    func planKey(_ manifest: EngineManifest) throws(EngineStoreError) -> String {
        key(.plan(try manifest.name(), sha256: manifest.plan.sha256))
    }
}
