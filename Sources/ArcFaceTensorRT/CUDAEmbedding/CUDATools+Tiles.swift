import CUDADriver
import CUDAEngine
import EngineStore
import Foundation

extension CUDATools {
    /// What measuring gave, and what is said of it.
    struct Measured {
        var outcome: TileMeasurement.Outcome
        /// Whether measurements of an earlier build were taken.
        var usedCache: Bool
        var notes: [String]
    }

    /// Measures tiles, unless the table's are wanted or the GPU of the target isn't here.
    ///
    /// - Returns: nil where the table's are to be used.
    /// - Throws: `unsupportedGPU` if measuring is asked for and can't be, `cancelled`, or that the GPU is lost.
    func tiles(
        of network: FusedNetwork, _ engine: EngineCompiler, _ order: EngineOrder, _ gpus: GPUSet?,
        since start: ContinuousClock.Instant, _ progress: @escaping @Sendable (EngineBuildProgress) -> Bool
    ) throws(ResidentEngine.Failure) -> Measured? {
        let architecture = engine.target.architecture
        guard order.options.tiles != .table else { return nil }
        guard let gpus, gpus.sm == architecture.number, let setting = setting(on: gpus), let compiler else {
            guard order.options.tiles == .measured else { return nil }
            throw .engine(
                CUDAEngineError(
                    .unsupportedGPU, "tiles can't be measured for \(architecture), as no such GPU is here",
                    mend: "use --tiles table"))
        }
        let context: CUDAContext
        do throws(CUDAError) { context = try CUDAContext(on: gpus.first, of: gpus.driver) } catch {
            throw .driver(error)
        }
        let kept = order.timingCache.flatMap { TileTimings($0) }
        let known = kept?.setting == setting ? kept : nil
        let measurement = TileMeasurement(engine, on: context, settings: settings) {
            (variant) throws(CUDAEngineError) in
            try compiler.compile(variant, for: architecture).cubin
        }
        let began = ContinuousClock.now
        let outcome: TileMeasurement.Outcome
        do throws(ResidentEngine.Failure) {
            outcome = try measurement.run(network, known: known ?? TileTimings(setting)) { done, count in
                progress(
                    EngineBuildProgress(
                        phase: "measuring tiles", fraction: 0.95 * Double(done) / Double(count),
                        elapsed: ContinuousClock.now - start))
            }
        } catch {
            guard case .driver(var failure) = error else { throw error }
            failure.mend += (failure.mend.isEmpty ? "" : ", or ") + "build with --tiles table, which measures nothing"
            throw .driver(failure)
        }
        let took = String(format: "%.1f s", (ContinuousClock.now - began).inSeconds)
        let source =
            outcome.measured == 0
            ? "all from the timing cache, nothing was measured"
            : "\(outcome.measured) measured on \(gpus.first.name) in \(took), \(outcome.known) from the timing cache"
        let sum =
            "tiles: \(outcome.all) layers at batch sizes, \(source); \(outcome.faster) run faster tiles than the table's"
        return Measured(
            outcome: outcome, usedCache: known != nil,
            notes: [sum] + Self.shortened(outcome.notes.map { "tiles: \($0)" }))
    }

    /// Lines that people read: a fault of one kernel may be told for each layer.
    private static func shortened(_ lines: [String]) -> [String] {
        let most = 8
        return lines.count <= most ? lines : lines.prefix(most) + ["tiles: and \(lines.count - most) more like these"]
    }
}
