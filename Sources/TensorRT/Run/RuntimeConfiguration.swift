internal import CTensorRT

/// TensorRT-RTX's settings of one context, which outlive it.
final class RuntimeConfiguration {
    let object: TensorRTObject
    private(set) var cache: TensorRTObject?

    init(_ engine: TensorRTEngine, options: ContextOptions) throws(TensorRTError) {
        let interface = engine.object.interface
        let object = try interface.object("can't create a runtime configuration", at: engine.name, parents: [engine]) {
            trt_engine_create_runtime_config($0, engine.object.pointer, $1)
        }
        self.object = object
        if options.specializesEagerly {
            _ = try interface.call("can't ask for eager compilation", .unsupportedOption) {
                trt_runtime_config_specialize_eagerly($0, object.pointer, $1)
            }
        }
        if options.capturesGraphs {
            _ = try interface.call("can't ask for CUDA graphs", .unsupportedOption) {
                trt_runtime_config_capture_graphs($0, object.pointer, $1)
            }
        }
        if let bytes = options.runtimeCache { cache = try useCache(bytes) }
    }

    private func useCache(_ bytes: [UInt8]) throws(TensorRTError) -> TensorRTObject {
        let interface = object.interface
        let cache = try interface.object("can't create a runtime cache", parents: [object]) {
            trt_runtime_config_create_cache($0, object.pointer, $1)
        }
        if !bytes.isEmpty {
            _ = try interface.call("can't use the runtime cache", mend: "delete it; it is made again") { api, error in
                bytes.withUnsafeBytes { bytes in
                    bytes.baseAddress.map { trt_runtime_cache_load(api, cache.pointer, $0, bytes.count, error) }
                }
            }
        }
        _ = try interface.call("can't set the runtime cache") {
            trt_runtime_config_set_cache($0, object.pointer, cache.pointer, $1)
        }
        return cache
    }
}
