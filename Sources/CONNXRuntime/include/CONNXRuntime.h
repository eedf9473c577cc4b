#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A narrow door to ONNX Runtime's C interface, written for Swift. The library is opened at run time and its function
// table is reached by slot number (see Table.h), so neither its headers nor its import library is needed to build.
//
// Rules of every function here: `false` or NULL means failure, and then `*error` holds the reason, to be freed with
// `cort_error_free`; on success `*error` is left alone. Strings are UTF-8 and end in NUL. Nothing is kept of what a
// caller passes in, except where a comment says so.

#pragma clang assume_nonnull begin

/// The function table of a loaded ONNX Runtime; it lives as long as the library stays loaded.
typedef struct cort_api cort_api;
/// ONNX Runtime's process-wide state: its logger and its default thread settings.
typedef struct cort_environment cort_environment;
/// A loaded model with its cached tensor descriptions. Any number of threads may run it at once.
typedef struct cort_session cort_session;
/// Settings of a run and the switch that stops it. Any number of runs may share one.
typedef struct cort_run_control cort_run_control;
/// Output tensors that ONNX Runtime allocated for one run.
typedef struct cort_outputs cort_outputs;

/// Why a call failed: ONNX Runtime's own code (`ORT_FAIL` = 1, …), or -1 when the reason lies in this shim.
typedef struct cort_error {
    int32_t code;
    char *_Nullable message;
} cort_error;

/// Frees the message of an error and forgets it.
void cort_error_free(cort_error *error);

/// A tensor in host memory: row-major, densely packed, `byte_count` bytes at `data`.
typedef struct cort_tensor {
    void *_Nullable data;
    size_t byte_count;
    const int64_t *_Nullable shape;
    size_t rank;
    int32_t element_type; // ONNX TensorProto.DataType
} cort_tensor;

/// A tensor and the index of the model's input or output that it stands for.
typedef struct cort_binding {
    size_t index;
    cort_tensor tensor;
} cort_binding;

/// What a model declares of an input or output. Everything belongs to the session.
typedef struct cort_description {
    const char *name;
    int32_t element_type; // 0 when the value isn't a tensor
    size_t rank;
    const int64_t *_Nullable dimensions;               // -1 where the model fixes nothing
    const char *_Nullable const *_Nullable symbols;    // the name of an open dimension, or an empty string
} cort_description;

/// Pairs of strings, `count` of each.
typedef struct cort_settings {
    const char *_Nullable const *_Nullable keys;
    const char *_Nullable const *_Nullable values;
    size_t count;
} cort_settings;

typedef struct cort_session_options {
    const char *log_id;
    int32_t log_severity;          // 0 verbose, 1 info, 2 warning, 3 error, 4 fatal
    int32_t intra_op_threads;      // 0: one for each core
    int32_t inter_op_threads;      // 0: one for each core; used by `parallel_execution` only
    int32_t graph_optimization;    // 0 none, 1 basic, 2 extended, 99 all
    bool parallel_execution;
    bool memory_arena;
    bool memory_pattern;
    bool use_cuda;
    cort_settings cuda;            // options of the CUDA provider, such as `device_id`
    cort_settings config;          // session configuration entries, such as `session.disable_prepacking`
    cort_settings run;             // run configuration entries that every run without a control of its own has
} cort_session_options;

/// Where log records go. May be called from any thread; the strings live for the call only.
typedef void (*cort_log_function)(
    void *_Nullable context, int32_t severity, const char *_Nullable category, const char *_Nullable log_id,
    const char *_Nullable code_location, const char *_Nullable message);

/// The version string of the library whose `OrtGetApiBase` symbol is `entry`, or NULL. It belongs to the library.
const char *_Nullable cort_version(void *entry);

/// The function table, or NULL when the library is older than the interface used here (1.16). An older library
/// writes a complaint to standard error when asked, so look at `cort_version` first.
const cort_api *_Nullable cort_api_get(void *entry);

/// Creates the environment. ONNX Runtime has one for each process: a second call gets the first one's logger.
/// `context` must outlive the environment.
cort_environment *_Nullable cort_environment_create(
    const cort_api *api, cort_log_function log, void *_Nullable context, int32_t severity, const char *log_id,
    cort_error *error);
void cort_environment_free(cort_environment *_Nullable environment);

/// Calls `visit` with each execution provider that this build of ONNX Runtime holds.
bool cort_available_providers(
    const cort_api *api, void *_Nullable context, void (*visit)(void *_Nullable context, const char *name),
    cort_error *error);

/// Loads a model from the bytes of an ONNX file, which may be freed afterwards.
cort_session *_Nullable cort_session_create(
    const cort_environment *environment, const void *model, size_t model_size, const cort_session_options *options,
    cort_error *error);
void cort_session_free(cort_session *_Nullable session);

size_t cort_session_input_count(const cort_session *session);
size_t cort_session_output_count(const cort_session *session);
/// The description of an input, or NULL when there are not so many.
const cort_description *_Nullable cort_session_input(const cort_session *session, size_t index);
const cort_description *_Nullable cort_session_output(const cort_session *session, size_t index);

cort_run_control *_Nullable cort_run_control_create(
    const cort_api *api, const cort_settings *settings, cort_error *error);
/// Makes every run under this control, present and future, fail at its next graph node. Callable from any thread.
bool cort_run_control_cancel(cort_run_control *control, cort_error *error);
void cort_run_control_free(cort_run_control *_Nullable control);

/// Runs the model and writes each output into the memory that its binding names.
bool cort_session_run_into(
    const cort_session *session, const cort_run_control *_Nullable control, const cort_binding *_Nullable inputs,
    size_t input_count, const cort_binding *_Nullable outputs, size_t output_count, cort_error *error);

/// Runs the model and hands back the outputs with the given indices in memory that ONNX Runtime allocated.
cort_outputs *_Nullable cort_session_run(
    const cort_session *session, const cort_run_control *_Nullable control, const cort_binding *_Nullable inputs,
    size_t input_count, const size_t *_Nullable output_indices, size_t output_count, cort_error *error);

/// Looks at an output; `tensor->data` and `tensor->shape` live as long as the outputs.
bool cort_outputs_get(const cort_outputs *outputs, size_t position, cort_tensor *tensor, cort_error *error);
void cort_outputs_free(cort_outputs *_Nullable outputs);

/// Bytes of one element of an ONNX data type; 0 for strings, packed 4-bit types and unknown ones.
size_t cort_element_size(int32_t element_type);

#pragma clang assume_nonnull end
