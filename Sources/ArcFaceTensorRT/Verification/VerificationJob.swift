import Evaluation
import FaceImages

/// Measures how well a runtime tells people apart, and how much another runtime differs in it.
package struct VerificationJob {
    /// What happens meanwhile.
    package typealias Event = ModelCheck.Event

    /// Folds of a file of pairs that names none.
    package static let dealtFolds = PairsFile.dealtFolds

    private let options: Options
    private let pairs: PairsFile
    private let faces: VerificationFaces
    /// Pairs whose photos are there, by their places in the file.
    private let usable: [Int]
    private let runtimes: [any EmbeddingRuntime]
    private let shouldStop: @Sendable () -> Bool
    /// What isn't as it was asked for, one line each.
    package let warnings: [String]

    /// Reads the pairs, looks for their photos, and loads the models.
    ///
    /// - Parameters:
    ///   - options: what is measured.
    ///   - configuration: with what.
    ///   - shouldStop: asked often, from any thread; true ends the job with the code `cancelled`.
    ///   - building: told of an engine that has to be built first, and of int8's calibration, from any thread.
    /// - Throws: `ArcFaceError` for a file of pairs that makes no sense, missing photos, or a runtime that can't run.
    package init(
        _ options: Options, configuration: ArcFaceConfiguration,
        shouldStop: @escaping @Sendable () -> Bool = { false },
        building: @escaping @Sendable (EngineBuildJob.Event) -> Void = { _ in }
    ) throws(ArcFaceError) {
        self.options = options
        self.shouldStop = shouldStop
        try OutputFolder.check(for: [options.scoresPath, options.reportPath].compactMap { $0 })
        let (pairs, photos, missing) = try Self.find(options)
        self.pairs = pairs
        usable = pairs.pairs.indices.filter {
            !missing.contains(pairs.pairs[$0].gallery) && !missing.contains(pairs.pairs[$0].probe)
        }
        faces = VerificationFaces(photos, aligned: options.aligned, configuration: configuration)
        var runtimes: [any EmbeddingRuntime] = []
        var warnings: [String] = []
        if !missing.isEmpty {
            warnings.append(
                "\(missing.count) photos aren't in \(options.facesFolder): "
                    + "\(pairs.pairs.count - usable.count) of \(pairs.pairs.count) pairs are left out")
        }
        for name in [NamedRuntime(), options.against].compactMap({ $0 }) {
            if shouldStop() { throw .cancelled }
            let loaded = try name.load(
                configuration, engines: BuiltEngines(shouldStop: shouldStop, report: building),
                hooks: PreparationHooks(report: building, shouldStop: shouldStop))
            runtimes.append(loaded.runtime)
            warnings += loaded.warnings.filter { !warnings.contains($0) }
        }
        let widths = runtimes.map(\.information.embeddingWidth)
        guard Set(widths).count == 1 else {
            throw ArcFaceError(
                .modelUnusable,
                "gives \(widths[1]) numbers a face, and \(runtimes[0].information.modelPath) \(widths[0])",
                at: runtimes[1].information.modelPath, mend: "name models of the same width")
        }
        self.runtimes = runtimes
        self.warnings = warnings
    }

    /// The pairs, a path for each of their faces, and the places of those that have none.
    private static func find(
        _ options: Options
    ) throws(ArcFaceError) -> (pairs: PairsFile, photos: PhotoList, missing: Set<Int>) {
        let pairs: PairsFile
        var photos = PhotoList()
        var missing: [Int] = []
        do throws(FaceImageError) {
            pairs = try PairsFile.read(PhotoPath(options.pairsPath), folds: options.folds)
            let index = try PhotoIndex(folder: options.facesFolder)
            for (place, name) in pairs.faces.enumerated() {
                let path = try index.path(of: name)
                if path == nil { missing.append(place) }
                // Keeps the places equal; pairs with a missing photo are left out, and the photo fails by its name.
                photos.append((path ?? PhotoPath(options.facesFolder).appending(PhotoPath(name))).bytes)
            }
        } catch {
            throw ArcFaceError(error.code == .notFound ? .inputMissing : .invalidInput, error.description)
        }
        if let first = missing.first, !options.allowsMissing || missing.count == pairs.faces.count {
            throw ArcFaceError(
                .inputMissing,
                "\(missing.count) of \(pairs.faces.count) photos that the pairs name aren't there, such as "
                    + "'\(pairs.faces[first])'",
                at: options.facesFolder,
                mend: "name the folder that holds them, or leave their pairs out with --allow-missing")
        }
        return (pairs, photos, Set(missing))
    }

    /// Embeds all faces and measures.
    ///
    /// - Parameter report: called from any thread, one call at a time.
    /// - Returns: the figures.
    /// - Throws: `ArcFaceError` if too few pairs are left, with a runtime's own message, or for output that can't be written.
    package func run(
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(ArcFaceError) -> VerificationReport {
        report(.began("embedding \(pairs.faces.count) faces"))
        let (embeddings, failures) = try faces.embeddings(
            runtimes, flip: options.flip, shouldStop: shouldStop, report: report)
        report(.began("measuring"))
        let result: VerificationReport
        do throws(EvaluationError) {
            result = try measure(embeddings, failures: failures)
        } catch {
            throw ArcFaceError(.invalidInput, error.description, at: options.pairsPath)
        }
        if let path = options.scoresPath { try result.writeScores(to: path) }
        if let path = options.reportPath {
            let file = try FileWriter(path: path, retry: "run again: the figures aren't kept")
            try file.write(result.page.html())
            try file.finish()
        }
        return result
    }

    private func measure(
        _ embeddings: [VerificationFaces.Embeddings], failures: [Int: String]
    ) throws(EvaluationError) -> VerificationReport {
        // Gallery and probe: each runtime with itself, and the second one's probes in the first one's gallery.
        let ways = embeddings.count > 1 ? [(0, 0), (1, 1), (0, 1)] : [(0, 0)]
        var scores: [[Double]] = []
        for (gallery, probe) in ways {
            scores.append(
                try PairSimilarity.cosines(
                    gallery: embeddings[gallery].raw, probes: embeddings[probe].raw, width: embeddings[0].width,
                    pairs: usable.map { (pairs.pairs[$0].gallery, pairs.pairs[$0].probe) }))
        }
        // A pair that one way can't score is left out of all: shifts are of the same pairs.
        let scored = usable.indices.filter { pair in scores.allSatisfy { $0[pair].isFinite } }
        var scorings: [PairScores] = []
        for way in scores {
            scorings.append(
                try PairScores(
                    scores: scored.map { way[$0] }, isSame: scored.map { pairs.pairs[usable[$0]].isSame },
                    folds: scored.map { pairs.pairs[usable[$0]].fold }, foldCount: pairs.foldCount))
        }
        let bootstrap =
            options.samples > 0
            ? VerificationBootstrap(
                scorings[0], against: Array(scorings.dropFirst()), samples: options.samples, seed: options.seed) : nil
        return VerificationReport(
            options: options, informations: runtimes.map(\.information), pairs: pairs, used: scored.map { usable[$0] },
            scorings: scorings, bootstrap: bootstrap, failures: failures.sorted { $0.key < $1.key }.map(\.value),
            leftOut: pairs.pairs.count - scored.count)
    }
}
