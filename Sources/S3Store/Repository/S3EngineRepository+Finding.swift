package import EngineStore

extension S3EngineRepository {
    package func list() throws(EngineStoreError) -> [EngineListing] {
        try read(below: prefix) { _ in true }
    }

    package func find(_ key: EngineKey) throws(EngineStoreError) -> Result<EngineEntry, EngineMiss> {
        let wanted = key.name
        let listings = try read(below: "\(prefix)\(wanted.model)-\(wanted.precision.rawValue)-") { name in
            name.model == wanted.model && name.precision == wanted.precision
                && name.target.runtime == wanted.target.runtime
        }
        var hits: [EngineEntry] = []
        var misses: [EngineMiss.Candidate] = []
        for listing in listings {
            do throws(EngineStoreError) {
                let entry = try listing.engine.get()
                let mismatches = key.mismatches(with: entry.manifest)
                guard mismatches.isEmpty else {
                    misses.append(.init(fileName: listing.id, reason: .mismatched(mismatches)))
                    continue
                }
                hits.append(entry)
            } catch {
                misses.append(.init(fileName: listing.id, reason: .unusable(error)))
            }
        }
        // Built on the very GPU first, then the newest.
        let best = hits.max { left, right in
            func rank(_ entry: EngineEntry) -> (Int, Int64) {
                ((try? entry.manifest.name()) == wanted ? 1 : 0, entry.manifest.created.seconds)
            }
            return rank(left) < rank(right)
        }
        if let best { return .success(best) }
        return .failure(
            EngineMiss(candidates: misses.isEmpty ? [.init(fileName: wanted.fileName, reason: .absent)] : misses))
    }

    /// The manifests of the engines with a fitting name, and everything that has no business there.
    private func read(
        below start: String, where isWanted: (EngineName) -> Bool
    ) throws(EngineStoreError) -> [EngineListing] {
        let objects = try EngineStoreError.told { try client.list(prefix: start) }
        var manifests: [(key: String, part: BucketKey, name: EngineName)] = []
        var listings: [EngineListing] = []
        for object in objects {
            switch parse(object.key) {
            case .some(.manifest(let name, let identity)):
                if isWanted(name) { manifests.append((object.key, .manifest(name, identity: identity), name)) }
            case .some: break
            case nil:
                let error = EngineStoreError(
                    .invalidName, "this isn't the key of an engine", at: "`\(client.location(object.key).prefix(300))`",
                    mend: "keep other objects below another prefix")
                listings.append(EngineListing(id: object.key, engine: .failure(error)))
            }
        }
        let answers = try EngineStoreError.told {
            try client.getAll(manifests.map(\.key), limit: EngineManifest.largestFile)
        }
        for (manifest, answer) in zip(manifests, answers) {
            // Deleted since it was listed.
            guard let answer else { continue }
            let engine = Result { () throws(EngineStoreError) in
                try entry(answer, name: manifest.name, identity: manifest.part, key: manifest.key)
            }
            listings.append(EngineListing(id: manifest.part.text, engine: engine))
        }
        return listings.sorted { $0.id < $1.id }
    }
}
