#include "Functions.h"
#include <string.h>

// The calls whose arguments take more than passing on: module loading with logs, launches with attributes, tensor maps.

enum {
    JIT_INFO_LOG_BUFFER = 3,
    JIT_INFO_LOG_BUFFER_SIZE = 4,
    JIT_ERROR_LOG_BUFFER = 5,
    JIT_ERROR_LOG_BUFFER_SIZE = 6,
};

enum {
    ATTRIBUTE_COOPERATIVE = 2,
    ATTRIBUTE_CLUSTER_DIMENSION = 4,
    ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION = 6,
    ATTRIBUTE_LIMIT = 3,
};

int32_t ccu_module_load(
    const ccu_driver *driver, ccu_module **module, const void *image, char *info_log, size_t info_capacity,
    char *error_log, size_t error_capacity) {
    if (!driver->module_load) return CCU_MISSING;
    memset(info_log, 0, info_capacity);
    memset(error_log, 0, error_capacity);
    int32_t options[] = {
        JIT_INFO_LOG_BUFFER, JIT_INFO_LOG_BUFFER_SIZE, JIT_ERROR_LOG_BUFFER, JIT_ERROR_LOG_BUFFER_SIZE,
    };
    // A size travels in the place of a pointer.
    void *values[] = {info_log, (void *)info_capacity, error_log, (void *)error_capacity};
    int32_t result = driver->module_load(module, image, 4, options, values);
    if (info_capacity) info_log[info_capacity - 1] = 0;
    if (error_capacity) error_log[error_capacity - 1] = 0;
    return result;
}

static int has_cluster(const ccu_launch *launch) {
    return launch->cluster[0] && launch->cluster[1] && launch->cluster[2];
}

/// Writes the launch as the driver takes it; `attributes` must hold ATTRIBUTE_LIMIT of them and outlive the result.
static launch_config configure(const ccu_launch *launch, ccu_stream *stream, launch_attribute *attributes) {
    launch_config config = {.dynamic_shared_bytes = launch->dynamic_shared_bytes, .stream = stream};
    memcpy(config.grid, launch->grid, sizeof config.grid);
    memcpy(config.block, launch->block, sizeof config.block);
    memset(attributes, 0, ATTRIBUTE_LIMIT * sizeof *attributes);
    config.attributes = attributes;
    if (has_cluster(launch)) {
        launch_attribute *attribute = &attributes[config.attribute_count++];
        attribute->id = ATTRIBUTE_CLUSTER_DIMENSION;
        memcpy(attribute->value.extents, launch->cluster, sizeof launch->cluster);
    }
    if (launch->programmatic_serialization) {
        launch_attribute *attribute = &attributes[config.attribute_count++];
        attribute->id = ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION;
        attribute->value.number = 1;
    }
    if (launch->cooperative) {
        launch_attribute *attribute = &attributes[config.attribute_count++];
        attribute->id = ATTRIBUTE_COOPERATIVE;
        attribute->value.number = 1;
    }
    return config;
}

int32_t ccu_launch_kernel(
    const ccu_driver *driver, ccu_function *function, const ccu_launch *launch, ccu_stream *stream, void **arguments) {
    launch_attribute attributes[ATTRIBUTE_LIMIT];
    launch_config config = configure(launch, stream, attributes);
    if (config.attribute_count > 0) {
        return driver->launch_kernel_ex ? driver->launch_kernel_ex(&config, function, arguments, NULL) : CCU_MISSING;
    }
    if (!driver->launch_kernel) return CCU_MISSING;
    return driver->launch_kernel(
        function, launch->grid[0], launch->grid[1], launch->grid[2], launch->block[0], launch->block[1],
        launch->block[2], launch->dynamic_shared_bytes, stream, arguments, NULL);
}

int32_t ccu_occupancy_clusters(
    const ccu_driver *driver, int32_t *clusters, ccu_function *function, const ccu_launch *launch) {
    launch_attribute attributes[ATTRIBUTE_LIMIT];
    launch_config config = configure(launch, NULL, attributes);
    return driver->occupancy_clusters ? driver->occupancy_clusters(clusters, function, &config) : CCU_MISSING;
}

int32_t ccu_tensor_map_encode(const ccu_driver *driver, uint64_t *words, const ccu_tensor_layout *layout) {
    if (!driver->tensor_map_encode) return CCU_MISSING;
    tensor_map map = {{0}};
    int32_t result = driver->tensor_map_encode(
        &map, layout->element_type, layout->rank, (void *)(uintptr_t)layout->address, layout->extents, layout->strides,
        layout->box, layout->element_strides, layout->interleave, layout->swizzle, layout->l2_promotion,
        layout->out_of_bounds_fill);
    if (result == 0) memcpy(words, map.words, sizeof map.words);
    return result;
}
