#include "state.h"
#include <cstring>

/// `CUlaunchConfig` and `CUlaunchAttribute` as the public documentation lays them out.
struct Attribute {
    int id;
    char padding[4];
    union {
        char bytes[64];
        unsigned extents[3];
        int number;
    } value;
};

struct Configuration {
    unsigned grid[3];
    unsigned block[3];
    unsigned shared;
    void *stream;
    Attribute *attributes;
    unsigned attribute_count;
};

static Function *known_function(void *handle) {
    for (auto &entry : state().modules) {
        for (auto &function : entry.second->functions) {
            if (function.get() == handle) return function.get();
        }
    }
    return nullptr;
}

static int check_valid(uint64_t address, size_t bytes) {
    return is_valid(address, bytes);
}

static int launch(Context *context, void *handle, fake_cuda_launch shape, void *stream_handle, void **arguments) {
    int result = SUCCESS;
    Stream *stream = find_stream(stream_handle, context, &result);
    if (!stream) return result;
    Function *function = known_function(handle);
    if (!function) return misuse(INVALID_HANDLE, "a launch of an unknown kernel");
    uint64_t threads = uint64_t(shape.block[0]) * shape.block[1] * shape.block[2];
    if (threads == 0 || threads > 1024 || !shape.grid[0] || !shape.grid[1] || !shape.grid[2]) return INVALID_VALUE;
    if (shape.dynamic_shared_bytes > uint32_t(function->dynamic_shared)) return INVALID_VALUE;
    for (int i = 0; i < 3; i++) {
        if (shape.cluster[i] && shape.grid[i] % shape.cluster[i]) return 912;
    }
    auto kernel = state().kernels.find(function->name);
    if (kernel == state().kernels.end()) return misuse(NOT_FOUND, "no host function for the kernel " + function->name);

    // Arguments are read now and belong to the step.
    auto values = std::make_shared<std::vector<std::vector<char>>>();
    for (size_t i = 0; i < function->sizes.size(); i++) {
        const char *start = static_cast<const char *>(arguments[i]);
        values->emplace_back(start, start + function->sizes[i]);
    }
    shape.parameter_count = values->size();
    shape.is_valid = check_valid;
    state().last_launch = shape;
    auto run = kernel->second;
    auto image = function->module->image;
    return submit(stream, "kernel " + function->name, [values, shape, run, image] {
        std::vector<void *> pointers;
        for (auto &value : *values) pointers.push_back(value.data());
        fake_cuda_launch one = shape;
        one.parameters = pointers.data();
        if (auto time = state().kernel_time) state().clock += time(image->c_str(), &one);
        return run(&one);
    });
}

FAKE_EXPORT int cuLaunchKernel(
    void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
    void *stream, void **arguments, void **extra) {
    ENTER_WITH_CONTEXT(cuLaunchKernel);
    if (extra) return NOT_SUPPORTED;
    fake_cuda_launch shape{};
    shape.grid[0] = gx, shape.grid[1] = gy, shape.grid[2] = gz;
    shape.block[0] = bx, shape.block[1] = by, shape.block[2] = bz;
    shape.dynamic_shared_bytes = shared;
    return launch(context, function, shape, stream, arguments);
}

static int read_configuration(const Configuration *configuration, fake_cuda_launch &shape) {
    memcpy(shape.grid, configuration->grid, sizeof shape.grid);
    memcpy(shape.block, configuration->block, sizeof shape.block);
    shape.dynamic_shared_bytes = configuration->shared;
    for (unsigned i = 0; i < configuration->attribute_count; i++) {
        const Attribute &attribute = configuration->attributes[i];
        switch (attribute.id) {
        case 2: shape.cooperative = attribute.value.number; break;
        case 4: memcpy(shape.cluster, attribute.value.extents, sizeof shape.cluster); break;
        case 6: shape.overlaps_predecessor = attribute.value.number; break;
        default: return misuse(INVALID_VALUE, "an unknown launch attribute " + std::to_string(attribute.id));
        }
    }
    return SUCCESS;
}

FAKE_EXPORT int cuLaunchKernelEx(const Configuration *configuration, void *function, void **arguments, void **extra) {
    ENTER_WITH_CONTEXT(cuLaunchKernelEx);
    if (extra) return NOT_SUPPORTED;
    fake_cuda_launch shape{};
    if (int result = read_configuration(configuration, shape)) return result;
    return launch(context, function, shape, configuration->stream, arguments);
}

FAKE_EXPORT int cuOccupancyMaxActiveClusters(int *clusters, void *function, const Configuration *configuration) {
    ENTER_WITH_CONTEXT(cuOccupancyMaxActiveClusters);
    fake_cuda_launch shape{};
    if (int result = read_configuration(configuration, shape)) return result;
    if (!known_function(function)) return misuse(INVALID_HANDLE, "occupancy of an unknown kernel");
    unsigned blocks = shape.cluster[0] * shape.cluster[1] * shape.cluster[2];
    if (blocks == 0) return INVALID_VALUE;
    *clusters = int(132 / blocks);
    return SUCCESS;
}

/// Writes what it was told in the order of the arguments, so that a test can read it back.
FAKE_EXPORT int cuTensorMapEncodeTiled(
    uint64_t *map, int type, unsigned rank, void *address, const uint64_t *extents, const uint64_t *strides,
    const unsigned *box, const unsigned *element_strides, int interleave, int swizzle, int promotion, int fill) {
    ENTER(cuTensorMapEncodeTiled);
    if (uintptr_t(map) % 64 || uintptr_t(address) % 16 || rank < 1 || rank > 5 || interleave || fill) {
        return INVALID_VALUE;
    }
    memset(map, 0, 128);
    map[0] = uint64_t(uintptr_t(address));
    map[1] = uint64_t(type) | uint64_t(rank) << 8 | uint64_t(swizzle) << 16 | uint64_t(promotion) << 24;
    for (unsigned i = 0; i < rank; i++) {
        if (box[i] == 0 || box[i] > 256 || element_strides[i] == 0) return INVALID_VALUE;
        map[2 + i] = extents[i];
        if (i + 1 < rank) {
            if (strides[i] % 16) return INVALID_VALUE;
            map[7 + i] = strides[i];
        }
        map[11 + i] = uint64_t(box[i]) | uint64_t(element_strides[i]) << 32;
    }
    return SUCCESS;
}
