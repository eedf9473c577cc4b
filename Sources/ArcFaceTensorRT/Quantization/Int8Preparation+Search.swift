import Evaluation
import ONNXModel

extension Int8Preparation {
    /// Which layers stay in float32, and what comes of it.
    struct Found {
        let outcome: MixedPrecisionSearch.Outcome
        let model: Model
        let agreement: AgreementMetrics

        init(_ outcome: MixedPrecisionSearch.Outcome, _ trial: Int8Trial) throws(ArcFaceError) {
            self.outcome = outcome
            model = try trial.model(keeping: Set(outcome.kept.map(\.unit)))
            agreement = try trial.agreement(model)
        }
    }

    /// The choice of the last time, if it was kept and is still good enough: another processor may round otherwise.
    func known(_ cache: CalibrationCache, _ trial: Int8Trial) throws(ArcFaceError) -> Found? {
        guard let choice = cache.choice(for: demand, limit: options.timeLimit) else { return nil }
        let units = Set(trial.builder.units)
        guard choice.kept.allSatisfy({ units.contains($0.unit) }) else { return nil }
        hooks.message("choice of layers taken from \(cache.path ?? "")")
        let outcome = MixedPrecisionSearch.Outcome(
            kept: choice.kept, rankings: choice.rankings, judgements: choice.judgements,
            isCutShort: choice.limit != nil)
        let found = try Found(outcome, trial)
        // With all layers in float32 there is nothing left to choose.
        if choice.kept.count == units.count || strict.judge(found.agreement).overall == .pass { return found }
        hooks.message("it isn't good enough on this machine")
        return nil
    }

    /// Searches, and keeps the choice for the next time.
    func chosen(_ cache: CalibrationCache, _ trial: Int8Trial) throws(ArcFaceError) -> Found {
        let outcome = try search(trial)
        do {
            try cache.store(
                CalibrationCache.Choice(
                    kept: outcome.kept, rankings: outcome.rankings, judgements: outcome.judgements,
                    limit: outcome.isCutShort ? options.timeLimit.inSeconds : nil), for: demand)
        } catch {
            hooks.message("note: the choice of layers can't be kept for the next time (\(error))")
        }
        return try Found(outcome, trial)
    }

    private var demand: String { CalibrationCache.demand(options.method, strict) }

    /// What the search demands on held-out faces.
    private var strict: ComparisonThresholds { options.thresholds.tightened(Self.margin) }

    private func search(_ trial: Int8Trial) throws(ArcFaceError) -> MixedPrecisionSearch.Outcome {
        let search = MixedPrecisionSearch(units: trial.builder.units, maximumGroups: Self.maximumGroups)
        let groups = search.groups.count
        let begun = ContinuousClock.now
        let step = hooks.step("ranking layers", of: groups)
        var ranked = 0
        return try search.run { share in
            ContinuousClock.now - begun > options.timeLimit * share
        } error: { quantized throws(ArcFaceError) in
            if ranked == 0 {
                let limit = Self.minutes(options.timeLimit)
                hooks.message("ranking \(groups) layers by the error of each (time limit: \(limit))")
            }
            let error = try trial.error(quantizing: quantized)
            ranked += 1
            step.finished(ranked)
            return error
        } accepts: { kept throws(ArcFaceError) in
            let agreement = try trial.agreement(try trial.model(keeping: kept))
            let accepted = strict.judge(agreement).overall == .pass
            hooks.message(Self.progress(kept.count, agreement, accepted))
            return accepted
        }
    }
}
