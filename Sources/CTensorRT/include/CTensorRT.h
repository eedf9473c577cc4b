#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A narrow door to TensorRT's C++ interface, written for Swift. The library is opened at run time and its objects are
// called by vtable slot (see Slots.hpp), so neither its headers nor its import library is needed to build.
//
// Rules of every function here:
// - Failure is `false`, NULL or the value that the comment names, and then `*error` holds the reason, to be freed with
//   `trt_error_free`; on success `*error` is left alone. No C++ exception leaves a function.
// - A returned `trt_object` belongs to the caller, who gives it back with `trt_object_destroy` (parsers with
//   `trt_parser_destroy`), children before parents; where a comment says "belongs to …", the caller doesn't.
// - Strings are UTF-8 and end in NUL. Nothing is kept of what a caller passes in, except where a comment says so.

#pragma clang assume_nonnull begin

#ifdef __cplusplus
extern "C" {
#endif

/// The binary interfaces that are known. Within one of them no slot that is used here ever moved.
typedef enum trt_family {
    TRT_FAMILY_8 = 0,  // 8.6
    TRT_FAMILY_10 = 1, // 10.x
    TRT_FAMILY_11 = 2, // 11.x
    TRT_FAMILY_RTX = 3 // TensorRT-RTX 1.5 and newer
} trt_family;

/// A loaded library: its interface, its version as it counts it itself, and its factories.
typedef struct trt_api {
    trt_family family;
    int32_t version;                    // what `getInferLibVersion` says: 8601, 100300, 10701
    bool has_memory_size_v2;            // 10.1 and newer
    void *_Nullable create_builder;     // `createInferBuilder_INTERNAL`; NULL in a run-only library
    void *_Nullable create_runtime;     // `createInferRuntime_INTERNAL`
    void *_Nullable create_parser;      // `createNvOnnxParser_INTERNAL` of the parser library
} trt_api;

/// Any object of TensorRT's.
typedef struct trt_object trt_object;
/// Our side of TensorRT's logger. TensorRT keeps the first one that it is given for as long as the library is loaded.
typedef struct trt_logger trt_logger;
/// Our side of TensorRT's progress monitor.
typedef struct trt_monitor trt_monitor;

typedef enum trt_error_kind {
    TRT_ERROR_REFUSED = 1,     // TensorRT said no; its log has the reason
    TRT_ERROR_BAD_POINTER = 2, // TensorRT gave a pointer that can't be one, as it does without a driver
    TRT_ERROR_EXCEPTION = 3,   // TensorRT threw
    TRT_ERROR_UNAVAILABLE = 4, // this version has no such method
    TRT_ERROR_ARGUMENT = 5     // an argument that this version can't take
} trt_error_kind;

/// Why a call failed.
typedef struct trt_error {
    int32_t kind;            // a `trt_error_kind`
    char *_Nullable message; // names the method
} trt_error;

/// Frees the message of an error and forgets it.
void trt_error_free(trt_error *error);

/// A shape; -1 is an open dimension.
typedef struct trt_dims {
    int32_t rank;
    int64_t extent[8];
} trt_dims;

// MARK: Callbacks

/// Where log messages go: severity 0 internal error, 1 error, 2 warning, 3 info, 4 verbose. Called from any thread.
typedef void (*trt_log_function)(void *_Nullable context, int32_t severity, const char *message);

/// Makes a logger. `context` must outlive it. `threshold` is the highest severity number that is passed on.
trt_logger *_Nullable trt_logger_create(
    trt_log_function log, void *_Nullable context, int32_t threshold, trt_error *error);
/// Changes the threshold, at any time and from any thread.
void trt_logger_set_threshold(trt_logger *logger, int32_t threshold);
/// Only when no library that was given this logger is loaded any more.
void trt_logger_destroy(trt_logger *logger);

/// What a builder tells while it works, from any thread. `step_complete` returns false to cancel the build.
typedef struct trt_monitor_callbacks {
    void *_Nullable context;
    void (*phase_start)(void *_Nullable context, const char *phase, const char *_Nullable parent, int32_t steps);
    bool (*step_complete)(void *_Nullable context, const char *phase, int32_t step);
    void (*phase_finish)(void *_Nullable context, const char *phase);
} trt_monitor_callbacks;

trt_monitor *_Nullable trt_monitor_create(const trt_monitor_callbacks *callbacks, trt_error *error);
void trt_monitor_destroy(trt_monitor *monitor);

// MARK: Objects in general

void trt_object_destroy(trt_object *object);

const void *_Nullable trt_memory_data(const trt_api *api, trt_object *memory, trt_error *error);
/// Bytes; -1 on failure.
int64_t trt_memory_size(const trt_api *api, trt_object *memory, trt_error *error);

// MARK: Builder

trt_object *_Nullable trt_builder_create(const trt_api *api, trt_logger *logger, trt_error *error);
bool trt_builder_set_max_threads(const trt_api *api, trt_object *builder, int32_t count, trt_error *error);
/// A network with explicit batch, strongly typed where that is a choice (10).
trt_object *_Nullable trt_builder_create_network(const trt_api *api, trt_object *builder, trt_error *error);
trt_object *_Nullable trt_builder_create_config(const trt_api *api, trt_object *builder, trt_error *error);
/// The profile belongs to the builder.
trt_object *_Nullable trt_builder_create_profile(const trt_api *api, trt_object *builder, trt_error *error);
/// Builds; returns the serialized plan as host memory.
trt_object *_Nullable trt_builder_build(
    const trt_api *api, trt_object *builder, trt_object *network, trt_object *config, trt_error *error);

/// `selector`: 0 minimum, 1 optimum, 2 maximum.
bool trt_profile_set_dimensions(
    const trt_api *api, trt_object *profile, const char *input, int32_t selector, const trt_dims *dims,
    trt_error *error);
bool trt_profile_is_valid(const trt_api *api, trt_object *profile, trt_error *error);

/// Counts; -1 on failure.
int32_t trt_network_layer_count(const trt_api *api, trt_object *network, trt_error *error);
int32_t trt_network_input_count(const trt_api *api, trt_object *network, trt_error *error);
int32_t trt_network_output_count(const trt_api *api, trt_object *network, trt_error *error);
/// The tensors belong to the network.
trt_object *_Nullable trt_network_input(const trt_api *api, trt_object *network, int32_t index, trt_error *error);
trt_object *_Nullable trt_network_output(const trt_api *api, trt_object *network, int32_t index, trt_error *error);
const char *_Nullable trt_tensor_name(const trt_api *api, trt_object *tensor, trt_error *error);
/// A TensorRT data type; -1 on failure.
int32_t trt_tensor_type(const trt_api *api, trt_object *tensor, trt_error *error);
bool trt_tensor_dims(const trt_api *api, trt_object *tensor, trt_dims *dims, trt_error *error);

typedef enum trt_flag { TRT_FLAG_FP16, TRT_FLAG_INT8, TRT_FLAG_VERSION_COMPATIBLE } trt_flag;

/// The builder flag, where this family has it.
bool trt_config_set_flag(const trt_api *api, trt_object *config, trt_flag flag, trt_error *error);
/// The index of the profile in the engine; -1 on failure.
int32_t trt_config_add_profile(const trt_api *api, trt_object *config, trt_object *profile, trt_error *error);
bool trt_config_set_profiling_verbosity(const trt_api *api, trt_object *config, int32_t value, trt_error *error);
bool trt_config_set_workspace(const trt_api *api, trt_object *config, size_t bytes, trt_error *error);
bool trt_config_set_optimization_level(const trt_api *api, trt_object *config, int32_t level, trt_error *error);
bool trt_config_set_hardware_compatibility(const trt_api *api, trt_object *config, int32_t level, trt_error *error);
/// The monitor must outlive the config.
bool trt_config_set_monitor(const trt_api *api, trt_object *config, trt_monitor *monitor, trt_error *error);
/// Compute capabilities such as 86 for 8.6; RTX only.
bool trt_config_set_compute_capabilities(
    const trt_api *api, trt_object *config, const int32_t *capabilities, int32_t count, trt_error *error);
/// A timing cache from earlier bytes, or an empty one. It must outlive the config that it is set in.
trt_object *_Nullable trt_config_create_timing_cache(
    const trt_api *api, trt_object *config, const void *_Nullable bytes, size_t size, trt_error *error);
bool trt_config_set_timing_cache(const trt_api *api, trt_object *config, trt_object *cache, trt_error *error);
/// The bytes of a timing cache as host memory.
trt_object *_Nullable trt_timing_cache_serialize(const trt_api *api, trt_object *cache, trt_error *error);

// MARK: ONNX parser

/// The parser must live until the network is built: it owns weights.
trt_object *_Nullable trt_parser_create(
    const trt_api *api, trt_object *network, trt_logger *logger, trt_error *error);
/// `path`: where weights kept outside the model are looked for.
bool trt_parser_parse(
    const trt_api *api, trt_object *parser, const void *model, size_t size, const char *_Nullable path,
    trt_error *error);
bool trt_parser_parse_file(const trt_api *api, trt_object *parser, const char *path, trt_error *error);

/// One complaint of the parser. The strings belong to the parser, and may be NULL.
typedef struct trt_parser_error {
    int32_t code;
    int32_t node; // its index in the graph, or -1
    const char *_Nullable description;
    const char *_Nullable node_name;     // 10 and newer
    const char *_Nullable node_operator; // 10 and newer
} trt_parser_error;

/// -1 on failure.
int32_t trt_parser_error_count(const trt_api *api, trt_object *parser, trt_error *error);
bool trt_parser_error_at(
    const trt_api *api, trt_object *parser, int32_t index, trt_parser_error *found, trt_error *error);
void trt_parser_destroy(const trt_api *api, trt_object *parser);

// MARK: Runtime and engine

/// Without a driver and a device TensorRT gives nonsense here: look for both before.
trt_object *_Nullable trt_runtime_create(const trt_api *api, trt_logger *logger, trt_error *error);
/// Forbids host code inside plans and makes sure that it took.
bool trt_runtime_forbid_host_code(const trt_api *api, trt_object *runtime, trt_error *error);
trt_object *_Nullable trt_runtime_deserialize(
    const trt_api *api, trt_object *runtime, const void *plan, size_t size, trt_error *error);

/// Counts; -1 on failure.
int32_t trt_engine_layer_count(const trt_api *api, trt_object *engine, trt_error *error);
int32_t trt_engine_profile_count(const trt_api *api, trt_object *engine, trt_error *error);
int32_t trt_engine_tensor_count(const trt_api *api, trt_object *engine, trt_error *error);
/// Bytes of scratch memory that one execution context takes on the device; -1 on failure.
int64_t trt_engine_device_memory_size(const trt_api *api, trt_object *engine, trt_error *error);
/// 0 none, 1 Ampere and newer, 2 same compute capability; -1 on failure.
int32_t trt_engine_hardware_compatibility(const trt_api *api, trt_object *engine, trt_error *error);
/// Belongs to the engine.
const char *_Nullable trt_engine_tensor_name(const trt_api *api, trt_object *engine, int32_t index, trt_error *error);
/// 1 input, 2 output; -1 on failure.
int32_t trt_engine_tensor_mode(const trt_api *api, trt_object *engine, const char *name, trt_error *error);
int32_t trt_engine_tensor_type(const trt_api *api, trt_object *engine, const char *name, trt_error *error);
bool trt_engine_tensor_shape(
    const trt_api *api, trt_object *engine, const char *name, trt_dims *dims, trt_error *error);
bool trt_engine_profile_shape(
    const trt_api *api, trt_object *engine, const char *name, int32_t profile, int32_t selector, trt_dims *dims,
    trt_error *error);
trt_object *_Nullable trt_engine_create_inspector(const trt_api *api, trt_object *engine, trt_error *error);
/// All layers as JSON. Belongs to the inspector.
const char *_Nullable trt_inspector_json(const trt_api *api, trt_object *inspector, trt_error *error);

// MARK: Execution

trt_object *_Nullable trt_engine_create_context(const trt_api *api, trt_object *engine, trt_error *error);
/// RTX only.
trt_object *_Nullable trt_engine_create_runtime_config(const trt_api *api, trt_object *engine, trt_error *error);
/// RTX only. The runtime config must outlive the context.
trt_object *_Nullable trt_engine_create_context_with(
    const trt_api *api, trt_object *engine, trt_object *runtime_config, trt_error *error);
/// RTX only: kernels for the shapes in use are compiled before the first run, not in the background.
bool trt_runtime_config_specialize_eagerly(const trt_api *api, trt_object *runtime_config, trt_error *error);
/// RTX only: whole-graph capture by TensorRT itself.
bool trt_runtime_config_capture_graphs(const trt_api *api, trt_object *runtime_config, trt_error *error);
/// RTX only. The cache must outlive the runtime config that it is set in.
trt_object *_Nullable trt_runtime_config_create_cache(
    const trt_api *api, trt_object *runtime_config, trt_error *error);
bool trt_runtime_config_set_cache(
    const trt_api *api, trt_object *runtime_config, trt_object *cache, trt_error *error);
bool trt_runtime_cache_load(
    const trt_api *api, trt_object *cache, const void *bytes, size_t size, trt_error *error);
/// The bytes of a runtime cache as host memory.
trt_object *_Nullable trt_runtime_cache_serialize(const trt_api *api, trt_object *cache, trt_error *error);

bool trt_context_set_profile(
    const trt_api *api, trt_object *context, int32_t profile, void *_Nullable stream, trt_error *error);
bool trt_context_set_input_shape(
    const trt_api *api, trt_object *context, const char *name, const trt_dims *dims, trt_error *error);
bool trt_context_tensor_shape(
    const trt_api *api, trt_object *context, const char *name, trt_dims *dims, trt_error *error);
/// `address`: device memory, which must stay until the work enqueued with it is done.
bool trt_context_set_address(
    const trt_api *api, trt_object *context, const char *name, void *_Nullable address, trt_error *error);
/// How many inputs still lack a shape, 0 when the context is ready; -1 on failure.
int32_t trt_context_missing_shapes(const trt_api *api, trt_object *context, trt_error *error);
/// Enqueues one run on a CUDA stream (NULL: the default stream) and returns at once.
bool trt_context_enqueue(const trt_api *api, trt_object *context, void *_Nullable stream, trt_error *error);

#ifdef __cplusplus
}
#endif

#pragma clang assume_nonnull end
