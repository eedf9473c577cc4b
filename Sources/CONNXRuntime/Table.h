#pragma once
#include "CONNXRuntime.h"

// ONNX Runtime hands out a table of function pointers that only ever grows at its end: a function keeps its place in
// all later releases. Each place used here is written down once, with the call's types beside it; the order follows
// the public C interface of release 1.16 (interface version 16).

enum { CORT_API_VERSION = 16 };

typedef struct ort_status ort_status;
typedef struct ort_value ort_value;
typedef struct ort_type_info ort_type_info;
typedef struct ort_tensor_info ort_tensor_info;
typedef struct ort_memory_info ort_memory_info;
typedef struct ort_session ort_session;
typedef struct ort_session_options ort_session_options;
typedef struct ort_run_options ort_run_options;
typedef struct ort_env ort_env;
typedef struct ort_allocator ort_allocator;
typedef struct ort_cuda_options ort_cuda_options;

typedef void (*cort_slot)(void);

/// The table as it lies in ONNX Runtime's memory.
struct cort_api {
    cort_slot slots[209];
};

#define CORT_FUNCTION(name, place, result, ...)                                                                        \
    static inline result (*cort_fn_##name(const cort_api *api))(__VA_ARGS__) {                                         \
        return (result (*)(__VA_ARGS__))api->slots[place];                                                             \
    }

CORT_FUNCTION(get_error_code, 1, int, const ort_status *)
CORT_FUNCTION(get_error_message, 2, const char *, const ort_status *)
CORT_FUNCTION(create_env_with_logger, 4, ort_status *, cort_log_function, void *, int, const char *, ort_env **)
CORT_FUNCTION(
    create_session_from_array, 8, ort_status *, const ort_env *, const void *, size_t, const ort_session_options *,
    ort_session **)
CORT_FUNCTION(
    run, 9, ort_status *, ort_session *, const ort_run_options *, const char *const *, const ort_value *const *,
    size_t, const char *const *, size_t, ort_value **)
CORT_FUNCTION(create_session_options, 10, ort_status *, ort_session_options **)
CORT_FUNCTION(set_execution_mode, 13, ort_status *, ort_session_options *, int)
CORT_FUNCTION(enable_memory_pattern, 16, ort_status *, ort_session_options *)
CORT_FUNCTION(disable_memory_pattern, 17, ort_status *, ort_session_options *)
CORT_FUNCTION(enable_cpu_arena, 18, ort_status *, ort_session_options *)
CORT_FUNCTION(disable_cpu_arena, 19, ort_status *, ort_session_options *)
CORT_FUNCTION(set_log_id, 20, ort_status *, ort_session_options *, const char *)
CORT_FUNCTION(set_log_severity, 22, ort_status *, ort_session_options *, int)
CORT_FUNCTION(set_graph_optimization, 23, ort_status *, ort_session_options *, int)
CORT_FUNCTION(set_intra_op_threads, 24, ort_status *, ort_session_options *, int)
CORT_FUNCTION(set_inter_op_threads, 25, ort_status *, ort_session_options *, int)
CORT_FUNCTION(session_input_count, 30, ort_status *, const ort_session *, size_t *)
CORT_FUNCTION(session_output_count, 31, ort_status *, const ort_session *, size_t *)
CORT_FUNCTION(session_input_type, 33, ort_status *, const ort_session *, size_t, ort_type_info **)
CORT_FUNCTION(session_output_type, 34, ort_status *, const ort_session *, size_t, ort_type_info **)
CORT_FUNCTION(session_input_name, 36, ort_status *, const ort_session *, size_t, ort_allocator *, char **)
CORT_FUNCTION(session_output_name, 37, ort_status *, const ort_session *, size_t, ort_allocator *, char **)
CORT_FUNCTION(create_run_options, 39, ort_status *, ort_run_options **)
CORT_FUNCTION(run_options_set_terminate, 46, ort_status *, ort_run_options *)
CORT_FUNCTION(
    create_tensor_with_data, 49, ort_status *, const ort_memory_info *, void *, size_t, const int64_t *, size_t, int,
    ort_value **)
CORT_FUNCTION(get_tensor_data, 51, ort_status *, ort_value *, void **)
CORT_FUNCTION(cast_type_to_tensor, 55, ort_status *, const ort_type_info *, const ort_tensor_info **)
CORT_FUNCTION(get_element_type, 60, ort_status *, const ort_tensor_info *, int *)
CORT_FUNCTION(get_dimension_count, 61, ort_status *, const ort_tensor_info *, size_t *)
CORT_FUNCTION(get_dimensions, 62, ort_status *, const ort_tensor_info *, int64_t *, size_t)
CORT_FUNCTION(get_symbolic_dimensions, 63, ort_status *, const ort_tensor_info *, const char **, size_t)
CORT_FUNCTION(get_tensor_type_and_shape, 65, ort_status *, const ort_value *, ort_tensor_info **)
CORT_FUNCTION(create_cpu_memory_info, 69, ort_status *, int, int, ort_memory_info **)
CORT_FUNCTION(allocator_free, 76, ort_status *, ort_allocator *, void *)
CORT_FUNCTION(default_allocator, 78, ort_status *, ort_allocator **)
CORT_FUNCTION(release_env, 92, void, ort_env *)
CORT_FUNCTION(release_status, 93, void, ort_status *)
CORT_FUNCTION(release_memory_info, 94, void, ort_memory_info *)
CORT_FUNCTION(release_session, 95, void, ort_session *)
CORT_FUNCTION(release_value, 96, void, ort_value *)
CORT_FUNCTION(release_run_options, 97, void, ort_run_options *)
CORT_FUNCTION(release_type_info, 98, void, ort_type_info *)
CORT_FUNCTION(release_tensor_info, 99, void, ort_tensor_info *)
CORT_FUNCTION(release_session_options, 100, void, ort_session_options *)
CORT_FUNCTION(get_available_providers, 125, ort_status *, char ***, int *)
CORT_FUNCTION(release_available_providers, 126, ort_status *, char **, int)
CORT_FUNCTION(add_session_config, 130, ort_status *, ort_session_options *, const char *, const char *)
CORT_FUNCTION(add_run_config, 165, ort_status *, ort_run_options *, const char *, const char *)
CORT_FUNCTION(append_cuda, 204, ort_status *, ort_session_options *, const ort_cuda_options *)
CORT_FUNCTION(create_cuda_options, 205, ort_status *, ort_cuda_options **)
CORT_FUNCTION(
    update_cuda_options, 206, ort_status *, ort_cuda_options *, const char *const *, const char *const *, size_t)
CORT_FUNCTION(release_cuda_options, 208, void, ort_cuda_options *)

/// Turns a status into `*error` and frees it; true when there is nothing to report.
bool cort_check(const cort_api *api, ort_status *status, cort_error *error);
/// Reports a failure of this shim itself and returns false.
bool cort_fail(cort_error *error, const char *message);

struct cort_environment {
    const cort_api *api;
    ort_env *env;
};

struct cort_run_control {
    const cort_api *api;
    ort_run_options *options;
};

/// One side of a model: the names as `Run` wants them, and the descriptions that hold them.
typedef struct cort_side {
    size_t count;
    cort_description *descriptions;
    ort_type_info **types;
} cort_side;

struct cort_session {
    const cort_api *api;
    ort_session *session;
    ort_memory_info *host_memory;
    cort_run_control *default_control;
    cort_side inputs;
    cort_side outputs;
};

/// Reads one side of a session; what was read before a failure is freed by `cort_side_free`.
bool cort_side_read(const cort_api *api, const ort_session *session, bool inputs, cort_side *side, cort_error *error);
void cort_side_free(const cort_api *api, cort_side *side);
