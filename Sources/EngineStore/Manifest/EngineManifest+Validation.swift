extension EngineManifest {
    /// More than any batch, so that arithmetic on batch sizes can't overflow.
    static let largestBatch = 1 << 20

    /// Refuses figures that no engine has.
    ///
    /// - Throws: `manifestMalformed`, or `invalidName`.
    package func validate(at location: String) throws(EngineStoreError) {
        func require(_ condition: Bool, _ reason: String) throws(EngineStoreError) {
            guard condition else { throw Self.malformed(reason, at: location) }
        }
        try require(format >= 1, "`format` is \(format)")
        try require(plan.bytes > 0, "`plan.bytes` is \(plan.bytes)")
        try require(!batch.profiles.isEmpty, "`batch.profiles` is empty")
        for profile in batch.profiles {
            let isOrdered = 1 <= profile.min && profile.min <= profile.opt && profile.opt <= profile.max
            try require(
                isOrdered && profile.max <= Self.largestBatch,
                "a profile of \(profile.min), \(profile.opt), \(profile.max) faces makes no sense")
        }
        try require((1...1024).contains(batch.streams), "`batch.streams` is \(batch.streams)")
        try require((1...1 << 20).contains(embeddingWidth), "`embedding_width` is \(embeddingWidth)")
        let isPreprocessing = preprocessing.mean.isFinite && preprocessing.scale.isFinite && preprocessing.scale != 0
        try require(isPreprocessing, "`preprocessing` makes no sense")
        do throws(EngineStoreError) {
            _ = try name()
        } catch {
            throw EngineStoreError(error.code, error.what, at: location, mend: error.mend)
        }
    }
}
