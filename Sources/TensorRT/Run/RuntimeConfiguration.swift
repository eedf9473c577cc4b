internal import CTensorRT

/// TensorRT-RTX's settings of one context, which outlive it.
final class RuntimeConfiguration {
    let object: TensorRTObject
    /// It must outlive the object.
    private let cache: RuntimeCache?

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
        if let cache = options.runtimeCache {
            _ = try interface.call("can't set the runtime cache", at: engine.name) {
                trt_runtime_config_set_cache($0, object.pointer, cache.object.pointer, $1)
            }
        }
        cache = options.runtimeCache
    }
}
