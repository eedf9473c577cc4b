#pragma once
#include <stddef.h>
#include <stdint.h>

// A narrow door to NVIDIA's driver library (libcuda), written for Swift. The library is opened at run time and its
// functions are found by name, so no header of CUDA's is needed to build. The names and argument types follow the
// public documentation of the driver interface.
//
// Every `ccu_…` call returns the driver's own result (0 is success) or CCU_MISSING when the driver is too old to have
// the function. Out-parameters are left alone unless the call succeeds. Calls may be made from any thread.

#pragma clang assume_nonnull begin

/// The driver lacks this function.
#define CCU_MISSING (-1)
/// The oldest driver interface that has every function this shim can't do without: CUDA 11.4.
#define CCU_MINIMUM_VERSION 11040

/// The functions of a loaded libcuda; they stay valid as long as the library stays loaded.
typedef struct ccu_driver ccu_driver;
typedef struct ccu_context ccu_context;
typedef struct ccu_stream ccu_stream;
typedef struct ccu_event ccu_event;
typedef struct ccu_graph ccu_graph;
typedef struct ccu_graph_exec ccu_graph_exec;
typedef struct ccu_module ccu_module;
typedef struct ccu_function ccu_function;

/// One function to look up.
typedef struct ccu_symbol {
    const char *exported; // as the library exports it, such as `cuMemAlloc_v2`
    const char *name;     // as `cuGetProcAddress` knows it, such as `cuMemAlloc`
    int32_t version;      // the CUDA version (11040 is 11.4) that brought this form of it
} ccu_symbol;

ccu_driver *_Nullable ccu_driver_create(void);
void ccu_driver_free(ccu_driver *_Nullable driver);
size_t ccu_symbol_count(void);
/// The function with an index below `ccu_symbol_count()`.
ccu_symbol ccu_symbol_at(size_t index);
/// Puts the address of the function with that index into the table.
void ccu_driver_set(ccu_driver *driver, size_t index, void *address);
/// Asks a function exported as `cuGetProcAddress_v2` (`second_form`) or `cuGetProcAddress` for another one; NULL when
/// there is none.
void *_Nullable ccu_proc_address(void *entry, int32_t second_form, const char *name, int32_t version);

// The driver and its devices.
int32_t ccu_init(const ccu_driver *driver);
int32_t ccu_driver_version(const ccu_driver *driver, int32_t *version);
/// The name or the description of a result, or NULL when the driver knows none. The text belongs to the driver.
const char *_Nullable ccu_error_name(const ccu_driver *driver, int32_t result);
const char *_Nullable ccu_error_string(const ccu_driver *driver, int32_t result);
int32_t ccu_device_count(const ccu_driver *driver, int32_t *count);
int32_t ccu_device_get(const ccu_driver *driver, int32_t *device, int32_t ordinal);
int32_t ccu_device_name(const ccu_driver *driver, char *text, int32_t capacity, int32_t device);
int32_t ccu_device_memory(const ccu_driver *driver, size_t *bytes, int32_t device);
int32_t ccu_device_attribute(const ccu_driver *driver, int32_t *value, int32_t attribute, int32_t device);
int32_t ccu_device_pci_bus_id(const ccu_driver *driver, char *text, int32_t capacity, int32_t device);
/// 16 bytes; of a slice where the device is one (multi-instance GPU).
int32_t ccu_device_uuid(const ccu_driver *driver, uint8_t *uuid, int32_t device);

// The primary context. A context is current to a thread.
int32_t ccu_primary_retain(const ccu_driver *driver, ccu_context *_Nullable *_Nonnull context, int32_t device);
int32_t ccu_primary_release(const ccu_driver *driver, int32_t device);
int32_t ccu_context_current(const ccu_driver *driver, ccu_context *_Nullable *_Nonnull context);
int32_t ccu_context_push(const ccu_driver *driver, ccu_context *context);
int32_t ccu_context_pop(const ccu_driver *driver, ccu_context *_Nullable *_Nonnull context);
int32_t ccu_context_synchronize(const ccu_driver *driver);
int32_t ccu_priority_range(const ccu_driver *driver, int32_t *least, int32_t *greatest);

// Memory. Device addresses are plain numbers.
int32_t ccu_memory_info(const ccu_driver *driver, size_t *free_bytes, size_t *total_bytes);
int32_t ccu_memory_allocate(const ccu_driver *driver, uint64_t *address, size_t bytes);
int32_t ccu_memory_free(const ccu_driver *driver, uint64_t address);
int32_t ccu_host_allocate(const ccu_driver *driver, void *_Nullable *_Nonnull memory, size_t bytes, uint32_t flags);
int32_t ccu_host_free(const ccu_driver *driver, void *memory);
int32_t ccu_copy_to_device(
    const ccu_driver *driver, uint64_t target, const void *source, size_t bytes, ccu_stream *stream);
int32_t ccu_copy_to_host(const ccu_driver *driver, void *target, uint64_t source, size_t bytes, ccu_stream *stream);
int32_t ccu_copy_on_device(
    const ccu_driver *driver, uint64_t target, uint64_t source, size_t bytes, ccu_stream *stream);
int32_t ccu_fill_bytes(const ccu_driver *driver, uint64_t target, uint8_t value, size_t count, ccu_stream *stream);

// Streams and events.
int32_t ccu_stream_create(
    const ccu_driver *driver, ccu_stream *_Nullable *_Nonnull stream, uint32_t flags, int32_t priority);
int32_t ccu_stream_destroy(const ccu_driver *driver, ccu_stream *stream);
int32_t ccu_stream_synchronize(const ccu_driver *driver, ccu_stream *stream);
int32_t ccu_stream_query(const ccu_driver *driver, ccu_stream *stream);
int32_t ccu_stream_wait(const ccu_driver *driver, ccu_stream *stream, ccu_event *event, uint32_t flags);
int32_t ccu_event_create(const ccu_driver *driver, ccu_event *_Nullable *_Nonnull event, uint32_t flags);
int32_t ccu_event_destroy(const ccu_driver *driver, ccu_event *event);
int32_t ccu_event_record(const ccu_driver *driver, ccu_event *event, ccu_stream *stream);
int32_t ccu_event_synchronize(const ccu_driver *driver, ccu_event *event);
int32_t ccu_event_query(const ccu_driver *driver, ccu_event *event);
int32_t ccu_event_elapsed(const ccu_driver *driver, float *milliseconds, ccu_event *start, ccu_event *end);

// Graphs. Capture modes: 0 global, 1 thread-local, 2 relaxed.
int32_t ccu_capture_begin(const ccu_driver *driver, ccu_stream *stream, int32_t mode);
int32_t ccu_capture_end(const ccu_driver *driver, ccu_stream *stream, ccu_graph *_Nullable *_Nonnull graph);
int32_t ccu_capture_status(const ccu_driver *driver, ccu_stream *stream, int32_t *status);
int32_t ccu_thread_capture_mode(const ccu_driver *driver, int32_t *mode);
int32_t ccu_graph_node_count(const ccu_driver *driver, ccu_graph *graph, size_t *count);
int32_t ccu_graph_destroy(const ccu_driver *driver, ccu_graph *graph);
int32_t ccu_graph_instantiate(
    const ccu_driver *driver, ccu_graph_exec *_Nullable *_Nonnull exec, ccu_graph *graph, uint64_t flags);
int32_t ccu_graph_update(const ccu_driver *driver, ccu_graph_exec *exec, ccu_graph *graph, int32_t *outcome);
int32_t ccu_graph_upload(const ccu_driver *driver, ccu_graph_exec *exec, ccu_stream *stream);
int32_t ccu_graph_launch(const ccu_driver *driver, ccu_graph_exec *exec, ccu_stream *stream);
int32_t ccu_graph_exec_destroy(const ccu_driver *driver, ccu_graph_exec *exec);

// Modules, functions, launches.

/// Loads a cubin, a fatbin or NUL-terminated PTX. The driver's words go into `info_log` and `error_log`, which are
/// NUL-terminated afterwards, whatever the result.
int32_t ccu_module_load(
    const ccu_driver *driver, ccu_module *_Nullable *_Nonnull module, const void *image, char *info_log,
    size_t info_capacity, char *error_log, size_t error_capacity);
int32_t ccu_module_unload(const ccu_driver *driver, ccu_module *module);
int32_t ccu_module_function(
    const ccu_driver *driver, ccu_function *_Nullable *_Nonnull function, ccu_module *module, const char *name);
int32_t ccu_module_global(
    const ccu_driver *driver, uint64_t *address, size_t *bytes, ccu_module *module, const char *name);
int32_t ccu_function_attribute(
    const ccu_driver *driver, int32_t *value, int32_t attribute, ccu_function *function);
int32_t ccu_function_set_attribute(
    const ccu_driver *driver, ccu_function *function, int32_t attribute, int32_t value);
/// Offset and size of a parameter (CUDA 12.4); CUDA_ERROR_INVALID_VALUE (1) past the last one.
int32_t ccu_function_parameter(
    const ccu_driver *driver, ccu_function *function, size_t index, size_t *offset, size_t *bytes);
int32_t ccu_occupancy(
    const ccu_driver *driver, int32_t *blocks, ccu_function *function, int32_t block_size, size_t dynamic_shared);

/// A launch. Extents are in blocks (grid), threads (block) and blocks (cluster; 0 × 0 × 0 for none).
typedef struct ccu_launch {
    uint32_t grid[3];
    uint32_t block[3];
    uint32_t cluster[3];
    uint32_t dynamic_shared_bytes;
    int32_t programmatic_serialization; // may start before the kernel ahead of it in the stream is done
    int32_t cooperative;
} ccu_launch;

/// `arguments` points at one pointer for each parameter of the kernel. Launches with a cluster, programmatic
/// serialization or cooperation need CUDA 11.8.
int32_t ccu_launch_kernel(
    const ccu_driver *driver, ccu_function *function, const ccu_launch *launch, ccu_stream *stream,
    void *_Nonnull *_Nullable arguments);
/// How many clusters of such a launch fit the device at once (CUDA 11.8).
int32_t ccu_occupancy_clusters(
    const ccu_driver *driver, int32_t *clusters, ccu_function *function, const ccu_launch *launch);

/// A tensor in device memory as the bulk copy engine sees it, innermost dimension first.
typedef struct ccu_tensor_layout {
    uint64_t address; // aligned to 16 bytes
    int32_t element_type;
    uint32_t rank; // 1 to 5
    uint64_t extents[5];
    uint64_t strides[4]; // bytes between neighbours of each dimension but the innermost
    uint32_t box[5];
    uint32_t element_strides[5];
    int32_t interleave;
    int32_t swizzle;
    int32_t l2_promotion;
    int32_t out_of_bounds_fill;
} ccu_tensor_layout;

/// Encodes the layout into the 128 bytes that a kernel takes as a parameter (CUDA 12.0, compute capability 9.0).
int32_t ccu_tensor_map_encode(const ccu_driver *driver, uint64_t *words, const ccu_tensor_layout *layout);

// NVIDIA's management library (libnvidia-ml), which knows who holds a GPU's memory.

/// The functions of a loaded and initialised libnvidia-ml.
typedef struct ccu_nvml ccu_nvml;

/// A process and the GPU memory that it holds; UINT64_MAX where the library can't tell.
typedef struct ccu_nvml_process {
    uint32_t pid;
    uint64_t bytes;
} ccu_nvml_process;

/// Clocks in MHz and memory in bytes; 0 where the library can't tell.
typedef struct ccu_nvml_condition {
    uint32_t sm_mhz;
    uint32_t max_sm_mhz;
    uint32_t memory_mhz;
    uint64_t used_bytes;
} ccu_nvml_condition;

size_t ccu_nvml_symbol_count(void);
/// The name of the function with that index; it must be there for the library to be of use.
const char *ccu_nvml_symbol_at(size_t index);
ccu_nvml *_Nullable ccu_nvml_create(void);
void ccu_nvml_set(ccu_nvml *nvml, size_t index, void *address);
/// Starts the library; 0 is success here and below, other values are the library's own.
int32_t ccu_nvml_start(ccu_nvml *nvml);
/// Stops it if it was started, and frees the table.
void ccu_nvml_free(ccu_nvml *_Nullable nvml);
/// Fills `processes` with up to `*count` processes that compute on the GPU with that PCI bus id; `*count` becomes how
/// many were written.
int32_t ccu_nvml_processes(const ccu_nvml *nvml, const char *pci_bus_id, ccu_nvml_process *processes, uint32_t *count);
/// The clocks and the used memory of the GPU with that PCI bus id.
int32_t ccu_nvml_condition_of(const ccu_nvml *nvml, const char *pci_bus_id, ccu_nvml_condition *condition);
/// The driver's own version, such as `580.65.06`, NUL-terminated.
int32_t ccu_nvml_driver_version(const ccu_nvml *nvml, char *text, uint32_t capacity);

#pragma clang assume_nonnull end
