#include "Functions.h"

/// Calls a function of the table, if the driver has it.
#define CALL(slot, ...) (driver->slot ? driver->slot(__VA_ARGS__) : CCU_MISSING)

int32_t ccu_init(const ccu_driver *driver) { return CALL(init, 0); }

int32_t ccu_driver_version(const ccu_driver *driver, int32_t *version) { return CALL(driver_version, version); }

const char *ccu_error_name(const ccu_driver *driver, int32_t result) {
    const char *text = NULL;
    return CALL(error_name, result, &text) == 0 ? text : NULL;
}

const char *ccu_error_string(const ccu_driver *driver, int32_t result) {
    const char *text = NULL;
    return CALL(error_string, result, &text) == 0 ? text : NULL;
}

int32_t ccu_device_count(const ccu_driver *driver, int32_t *count) { return CALL(device_count, count); }

int32_t ccu_device_get(const ccu_driver *driver, int32_t *device, int32_t ordinal) {
    return CALL(device_get, device, ordinal);
}

int32_t ccu_device_name(const ccu_driver *driver, char *text, int32_t capacity, int32_t device) {
    return CALL(device_name, text, capacity, device);
}

int32_t ccu_device_memory(const ccu_driver *driver, size_t *bytes, int32_t device) {
    return CALL(device_memory, bytes, device);
}

int32_t ccu_device_attribute(const ccu_driver *driver, int32_t *value, int32_t attribute, int32_t device) {
    return CALL(device_attribute, value, attribute, device);
}

int32_t ccu_device_pci_bus_id(const ccu_driver *driver, char *text, int32_t capacity, int32_t device) {
    return CALL(device_pci_bus_id, text, capacity, device);
}

int32_t ccu_device_uuid(const ccu_driver *driver, uint8_t *uuid, int32_t device) {
    return CALL(device_uuid, uuid, device);
}

int32_t ccu_primary_retain(const ccu_driver *driver, ccu_context **context, int32_t device) {
    return CALL(primary_retain, context, device);
}

int32_t ccu_primary_release(const ccu_driver *driver, int32_t device) { return CALL(primary_release, device); }

int32_t ccu_context_current(const ccu_driver *driver, ccu_context **context) { return CALL(context_current, context); }

int32_t ccu_context_push(const ccu_driver *driver, ccu_context *context) { return CALL(context_push, context); }

int32_t ccu_context_pop(const ccu_driver *driver, ccu_context **context) { return CALL(context_pop, context); }

int32_t ccu_context_synchronize(const ccu_driver *driver) { return CALL(context_synchronize); }

int32_t ccu_priority_range(const ccu_driver *driver, int32_t *least, int32_t *greatest) {
    return CALL(priority_range, least, greatest);
}

int32_t ccu_memory_info(const ccu_driver *driver, size_t *free_bytes, size_t *total_bytes) {
    return CALL(memory_info, free_bytes, total_bytes);
}

int32_t ccu_memory_allocate(const ccu_driver *driver, uint64_t *address, size_t bytes) {
    return CALL(memory_allocate, address, bytes);
}

int32_t ccu_memory_free(const ccu_driver *driver, uint64_t address) { return CALL(memory_free, address); }

int32_t ccu_host_allocate(const ccu_driver *driver, void **memory, size_t bytes, uint32_t flags) {
    return CALL(host_allocate, memory, bytes, flags);
}

int32_t ccu_host_free(const ccu_driver *driver, void *memory) { return CALL(host_free, memory); }

int32_t ccu_copy_to_device(
    const ccu_driver *driver, uint64_t target, const void *source, size_t bytes, ccu_stream *stream) {
    return CALL(copy_to_device, target, source, bytes, stream);
}

int32_t ccu_copy_to_host(const ccu_driver *driver, void *target, uint64_t source, size_t bytes, ccu_stream *stream) {
    return CALL(copy_to_host, target, source, bytes, stream);
}

int32_t ccu_copy_on_device(
    const ccu_driver *driver, uint64_t target, uint64_t source, size_t bytes, ccu_stream *stream) {
    return CALL(copy_on_device, target, source, bytes, stream);
}

int32_t ccu_fill_bytes(const ccu_driver *driver, uint64_t target, uint8_t value, size_t count, ccu_stream *stream) {
    return CALL(fill_bytes, target, value, count, stream);
}

int32_t ccu_stream_create(const ccu_driver *driver, ccu_stream **stream, uint32_t flags, int32_t priority) {
    return CALL(stream_create, stream, flags, priority);
}

int32_t ccu_stream_destroy(const ccu_driver *driver, ccu_stream *stream) { return CALL(stream_destroy, stream); }

int32_t ccu_stream_synchronize(const ccu_driver *driver, ccu_stream *stream) {
    return CALL(stream_synchronize, stream);
}

int32_t ccu_stream_query(const ccu_driver *driver, ccu_stream *stream) { return CALL(stream_query, stream); }

int32_t ccu_stream_wait(const ccu_driver *driver, ccu_stream *stream, ccu_event *event, uint32_t flags) {
    return CALL(stream_wait, stream, event, flags);
}

int32_t ccu_event_create(const ccu_driver *driver, ccu_event **event, uint32_t flags) {
    return CALL(event_create, event, flags);
}

int32_t ccu_event_destroy(const ccu_driver *driver, ccu_event *event) { return CALL(event_destroy, event); }

int32_t ccu_event_record(const ccu_driver *driver, ccu_event *event, ccu_stream *stream) {
    return CALL(event_record, event, stream);
}

int32_t ccu_event_synchronize(const ccu_driver *driver, ccu_event *event) { return CALL(event_synchronize, event); }

int32_t ccu_event_query(const ccu_driver *driver, ccu_event *event) { return CALL(event_query, event); }

int32_t ccu_event_elapsed(const ccu_driver *driver, float *milliseconds, ccu_event *start, ccu_event *end) {
    return CALL(event_elapsed, milliseconds, start, end);
}

int32_t ccu_capture_begin(const ccu_driver *driver, ccu_stream *stream, int32_t mode) {
    return CALL(capture_begin, stream, mode);
}

int32_t ccu_capture_end(const ccu_driver *driver, ccu_stream *stream, ccu_graph **graph) {
    return CALL(capture_end, stream, graph);
}

int32_t ccu_capture_status(const ccu_driver *driver, ccu_stream *stream, int32_t *status) {
    return CALL(capture_status, stream, status);
}

int32_t ccu_thread_capture_mode(const ccu_driver *driver, int32_t *mode) { return CALL(thread_capture_mode, mode); }

int32_t ccu_graph_node_count(const ccu_driver *driver, ccu_graph *graph, size_t *count) {
    return CALL(graph_nodes, graph, NULL, count);
}

int32_t ccu_graph_destroy(const ccu_driver *driver, ccu_graph *graph) { return CALL(graph_destroy, graph); }

int32_t ccu_graph_instantiate(
    const ccu_driver *driver, ccu_graph_exec **exec, ccu_graph *graph, uint64_t flags) {
    return CALL(graph_instantiate, exec, graph, flags);
}

int32_t ccu_graph_update(const ccu_driver *driver, ccu_graph_exec *exec, ccu_graph *graph, int32_t *outcome) {
    void *node = NULL;
    return CALL(graph_update, exec, graph, &node, outcome);
}

int32_t ccu_graph_upload(const ccu_driver *driver, ccu_graph_exec *exec, ccu_stream *stream) {
    return CALL(graph_upload, exec, stream);
}

int32_t ccu_graph_launch(const ccu_driver *driver, ccu_graph_exec *exec, ccu_stream *stream) {
    return CALL(graph_launch, exec, stream);
}

int32_t ccu_graph_exec_destroy(const ccu_driver *driver, ccu_graph_exec *exec) {
    return CALL(graph_exec_destroy, exec);
}

int32_t ccu_module_unload(const ccu_driver *driver, ccu_module *module) { return CALL(module_unload, module); }

int32_t ccu_module_function(
    const ccu_driver *driver, ccu_function **function, ccu_module *module, const char *name) {
    return CALL(module_function, function, module, name);
}

int32_t ccu_module_global(
    const ccu_driver *driver, uint64_t *address, size_t *bytes, ccu_module *module, const char *name) {
    return CALL(module_global, address, bytes, module, name);
}

int32_t ccu_function_attribute(
    const ccu_driver *driver, int32_t *value, int32_t attribute, ccu_function *function) {
    return CALL(function_attribute, value, attribute, function);
}

int32_t ccu_function_set_attribute(
    const ccu_driver *driver, ccu_function *function, int32_t attribute, int32_t value) {
    return CALL(function_set_attribute, function, attribute, value);
}

int32_t ccu_function_parameter(
    const ccu_driver *driver, ccu_function *function, size_t index, size_t *offset, size_t *bytes) {
    return CALL(function_parameter, function, index, offset, bytes);
}

int32_t ccu_occupancy(
    const ccu_driver *driver, int32_t *blocks, ccu_function *function, int32_t block_size, size_t dynamic_shared) {
    return CALL(occupancy, blocks, function, block_size, dynamic_shared);
}
