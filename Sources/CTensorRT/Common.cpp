#include "Results.hpp"

#include <cstdlib>

using namespace trt;

void trt_error_free(trt_error *error) {
    free(error->message);
    *error = {};
}

trt_logger *trt_logger_create(trt_log_function log, void *context, int32_t threshold, trt_error *error) {
    return guarded<trt_logger *>(error, nullptr, [&] { return new trt_logger{{log, context, {threshold}}}; });
}

void trt_logger_set_threshold(trt_logger *logger, int32_t threshold) {
    logger->target.threshold.store(threshold, std::memory_order_relaxed);
}

void trt_logger_destroy(trt_logger *logger) { delete logger; }

trt_monitor *trt_monitor_create(const trt_monitor_callbacks *callbacks, trt_error *error) {
    return guarded<trt_monitor *>(error, nullptr, [&] { return new trt_monitor{ProgressMonitor(*callbacks)}; });
}

void trt_monitor_destroy(trt_monitor *monitor) { delete monitor; }

// MARK: Objects in general

void trt_object_destroy(trt_object *object) {
    // Slot 1 of the public object's own vtable, the deleting destructor. Nobody could do anything about an exception.
    trt_error ignored{};
    guarded(&ignored, false, [&] {
        using Destructor = void (*)(void *);
        reinterpret_cast<Destructor>(reinterpret_cast<Object *>(object)->vtable[1])(object);
        return true;
    });
    trt_error_free(&ignored);
}

const void *trt_memory_data(const trt_api *api, trt_object *object, trt_error *error) {
    return guarded<const void *>(error, nullptr, [&] {
        return checked("data", call<const void *>(api, object, memory::data));
    });
}

int64_t trt_memory_size(const trt_api *api, trt_object *object, trt_error *error) {
    return guarded<int64_t>(error, -1, [&] {
        const auto size = static_cast<int64_t>(call<size_t>(api, object, memory::size));
        require("size", size >= 0);
        return size;
    });
}
