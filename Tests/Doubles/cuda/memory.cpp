#include "state.h"
#include <cstdlib>
#include <cstring>

static size_t used_bytes(Context *context) {
    size_t used = 0;
    for (auto &entry : state().allocations) {
        if (!entry.second.pinned && entry.second.context == context) used += entry.second.bytes;
    }
    return used;
}

static void *allocate(size_t bytes, bool pinned, Context *context) {
    void *memory = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    if (!memory) return nullptr;
    memset(memory, 0xCD, bytes);
    state().allocations[uintptr_t(memory)] = {bytes, pinned, context};
    context->children++;
    return memory;
}

/// Waits for the streams, as the driver does before it takes memory away.
static int release(uintptr_t address, bool pinned) {
    auto found = state().allocations.find(address);
    if (found == state().allocations.end() || found->second.pinned != pinned) {
        return misuse(INVALID_VALUE, "memory was freed that isn't allocated");
    }
    drain_all(found->second.context);
    release_child(found->second.context);
    state().allocations.erase(found);
    free(reinterpret_cast<void *>(address));
    return SUCCESS;
}

static bool is_pinned(const void *memory, size_t bytes) {
    if (!is_valid(uint64_t(uintptr_t(memory)), bytes)) return false;
    auto after = state().allocations.upper_bound(uintptr_t(memory));
    return std::prev(after)->second.pinned;
}

/// A copy that runs when the stream comes to it, or gives 700 if the memory is gone by then.
static std::function<int()> copy_step(void *target, const void *source, size_t bytes, bool check_target, bool check_source) {
    return [=] {
        if (check_target && !is_valid(uint64_t(uintptr_t(target)), bytes)) return int(ILLEGAL_ADDRESS);
        if (check_source && !is_valid(uint64_t(uintptr_t(source)), bytes)) return int(ILLEGAL_ADDRESS);
        memmove(target, source, bytes);
        state().clock += double(bytes) * 1e-7;
        return int(SUCCESS);
    };
}

FAKE_EXPORT int cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes) {
    ENTER_WITH_CONTEXT(cuMemGetInfo_v2);
    *total_bytes = state().device_bytes;
    size_t used = used_bytes(context);
    *free_bytes = used < *total_bytes ? *total_bytes - used : 0;
    return SUCCESS;
}

FAKE_EXPORT int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
    ENTER_WITH_CONTEXT(cuMemAlloc_v2);
    if (is_forbidden_by_capture()) return CAPTURE_UNSUPPORTED;
    if (bytes == 0) return INVALID_VALUE;
    size_t used = used_bytes(context);
    if (used > state().device_bytes || bytes > state().device_bytes - used) return OUT_OF_MEMORY;
    void *memory = allocate(bytes, false, context);
    if (!memory) return OUT_OF_MEMORY;
    *address = uint64_t(uintptr_t(memory));
    return SUCCESS;
}

FAKE_EXPORT int cuMemFree_v2(uint64_t address) {
    ENTER_WITH_CONTEXT(cuMemFree_v2);
    if (is_forbidden_by_capture()) return CAPTURE_UNSUPPORTED;
    return release(uintptr_t(address), false);
}

FAKE_EXPORT int cuMemHostAlloc(void **memory, size_t bytes, unsigned flags) {
    ENTER_WITH_CONTEXT(cuMemHostAlloc);
    if (is_forbidden_by_capture()) return CAPTURE_UNSUPPORTED;
    if (bytes == 0 || flags > 7) return INVALID_VALUE;
    *memory = allocate(bytes, true, context);
    return *memory ? SUCCESS : OUT_OF_MEMORY;
}

FAKE_EXPORT int cuMemFreeHost(void *memory) {
    ENTER_WITH_CONTEXT(cuMemFreeHost);
    if (is_forbidden_by_capture()) return CAPTURE_UNSUPPORTED;
    return release(uintptr_t(memory), true);
}

FAKE_EXPORT int cuMemcpyHtoDAsync_v2(uint64_t target, const void *source, size_t bytes, void *handle) {
    ENTER_WITH_CONTEXT(cuMemcpyHtoDAsync_v2);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    if (!is_valid(target, bytes)) return misuse(INVALID_VALUE, "a copy to memory that isn't the device's");
    void *to = reinterpret_cast<void *>(uintptr_t(target));
    if (is_pinned(source, bytes)) return submit(stream, "copy", copy_step(to, source, bytes, true, true));
    if (stream->capture) return submit(stream, "copy", copy_step(to, source, bytes, true, false));
    const char *start = static_cast<const char *>(source);
    auto staged = std::make_shared<std::vector<char>>(start, start + bytes);
    auto step = copy_step(to, staged->data(), bytes, true, false);
    return submit(stream, "copy", [staged, step] { return step(); });
}

FAKE_EXPORT int cuMemcpyDtoHAsync_v2(void *target, uint64_t source, size_t bytes, void *handle) {
    ENTER_WITH_CONTEXT(cuMemcpyDtoHAsync_v2);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    if (!is_valid(source, bytes)) return misuse(INVALID_VALUE, "a copy from memory that isn't the device's");
    const void *from = reinterpret_cast<const void *>(uintptr_t(source));
    bool pinned = is_pinned(target, bytes);
    result = submit(stream, "copy", copy_step(target, from, bytes, pinned, true));
    if (result == SUCCESS && !pinned && !stream->capture) drain(stream, stream->issued);
    return result;
}

FAKE_EXPORT int cuMemcpyDtoDAsync_v2(uint64_t target, uint64_t source, size_t bytes, void *handle) {
    ENTER_WITH_CONTEXT(cuMemcpyDtoDAsync_v2);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    if (!is_valid(source, bytes) || !is_valid(target, bytes)) {
        return misuse(INVALID_VALUE, "a copy between memory that isn't the device's");
    }
    return submit(
        stream, "copy",
        copy_step(
            reinterpret_cast<void *>(uintptr_t(target)), reinterpret_cast<const void *>(uintptr_t(source)), bytes, true,
            true));
}

FAKE_EXPORT int cuMemsetD8Async(uint64_t target, unsigned char value, size_t count, void *handle) {
    ENTER_WITH_CONTEXT(cuMemsetD8Async);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    if (!is_valid(target, count)) return misuse(INVALID_VALUE, "a fill of memory that isn't the device's");
    return submit(stream, "fill", [=] {
        if (!is_valid(target, count)) return int(ILLEGAL_ADDRESS);
        memset(reinterpret_cast<void *>(uintptr_t(target)), value, count);
        return int(SUCCESS);
    });
}
