import EngineStore
import Logging
import TensorRT

/// The kernels that TensorRT-RTX compiles when an engine first runs, and the file beside the plan that saves the next start
/// the time. An engine runs without the file as well: what is wrong with it is logged, and the file made anew.
struct KernelCache: Sendable {
    /// For the engine's contexts.
    let cache: RuntimeCache
    private let engine: StoredEngine
    private let key: RuntimeCacheKey
    /// How many bytes of kernels the file gave.
    private let keptByteCount: Int

    private static let log = Logger(label: "tensorrt")

    /// Takes the kernels that are kept, if they are for this use and whole.
    ///
    /// - Parameters:
    ///   - loaded: the engine, in TensorRT.
    ///   - engine: the engine's files.
    ///   - key: what the kernels are for.
    /// - Throws: `TensorRTError` if TensorRT has no caches.
    init(_ loaded: TensorRTEngine, of engine: StoredEngine, for key: RuntimeCacheKey) throws(TensorRTError) {
        self.engine = engine
        self.key = key
        let kept = Self.kept(of: engine, for: key)
        if !kept.isEmpty {
            let filled = try loaded.makeRuntimeCache()
            do throws(TensorRTError) {
                try filled.load(kept)
                cache = filled
                keptByteCount = kept.count
                Self.log.info("\(engine.planPath): \(kept.count) bytes of compiled kernels are used again")
                return
            } catch {
                Self.log.warning("\(engine.planPath): the runtime cache is made again: \(error)")
            }
        }
        cache = try loaded.makeRuntimeCache()
        keptByteCount = 0
    }

    private static func kept(of engine: StoredEngine, for key: RuntimeCacheKey) -> [UInt8] {
        do throws(EngineStoreError) {
            switch try EngineFolder.runtimeCache(of: engine, for: key) {
            case .none: return []
            case .found(let kernels): return kernels
            case .unusable(let why): log.warning("\(engine.planPath): the runtime cache is made again: \(why)")
            }
        } catch {
            log.warning("the runtime cache is made again: \(error)")
        }
        return []
    }

    /// Writes the kernels beside the plan, if there are more than were read. Nothing may run meanwhile.
    func keep() {
        do {
            let kernels = try cache.bytes()
            guard kernels.count > keptByteCount else { return }
            if try EngineFolder.keepRuntimeCache(kernels, of: engine, for: key) {
                Self.log.info(
                    "\(engine.planPath): \(kernels.count) bytes of compiled kernels are kept for the next start")
            }
        } catch {
            Self.log.warning(
                "\(engine.planPath): compiled kernels aren't kept, the next start compiles again: \(error)")
        }
    }
}
