internal import CTensorRT
internal import Synchronization

/// Kernels that TensorRT-RTX compiled for an engine. All contexts that are made with it share it: what one of them has
/// compiled, the others needn't.
package final class RuntimeCache: Sendable {
    let object: TensorRTObject
    private let name: String

    fileprivate init(_ object: TensorRTObject, name: String) {
        self.object = object
        self.name = name
    }

    /// The kernels compiled so far, to be kept beside the plan. No context that shares the cache may be at work.
    ///
    /// - Throws: `TensorRTError` if TensorRT won't give them.
    package func bytes() throws(TensorRTError) -> [UInt8] {
        let memory = try object.interface.object("can't read the runtime cache", at: name, parents: [object]) {
            trt_runtime_cache_serialize($0, object.pointer, $1)
        }
        return try PlanMemory(memory).bytes
    }

    /// Takes the kernels that an earlier cache held. Done before a context is made with this one, which is worth nothing
    /// afterwards if it fails.
    ///
    /// - Parameter kernels: What `bytes` gave, for TensorRT to run: the caller vouches for it.
    /// - Throws: `TensorRTError` if TensorRT won't have them.
    package func load(_ kernels: [UInt8]) throws(TensorRTError) {
        let mend = "delete it; it is made again"
        _ = try object.interface.call("can't use the runtime cache", at: name, mend: mend) { api, error in
            kernels.withUnsafeBytes { bytes in
                bytes.baseAddress.map { trt_runtime_cache_load(api, object.pointer, $0, bytes.count, error) }
            }
        }
    }
}

extension TensorRTEngine {
    /// Makes an empty cache for the kernels of this engine.
    ///
    /// - Returns: The cache, for as many contexts as shall share it.
    /// - Throws: `TensorRTError` with code `.unsupportedOption` where there are no such caches.
    package func makeRuntimeCache() throws(TensorRTError) -> RuntimeCache {
        try lock.withLock { _ throws(TensorRTError) in
            let config = try RuntimeConfiguration(self, options: ContextOptions()).object
            let cache = try object.interface.object("can't create a runtime cache", at: name, parents: [config]) {
                trt_runtime_config_create_cache($0, config.pointer, $1)
            }
            return RuntimeCache(cache, name: name)
        }
    }
}
