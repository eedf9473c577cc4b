#include "state.h"
#include <cstdio>
#include <cstring>

// Start, versions, devices, primary contexts.

static const std::map<int, const char *> names = {
    {SUCCESS, "CUDA_SUCCESS"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"},
    {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED"},
    {NO_DEVICE, "CUDA_ERROR_NO_DEVICE"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE"},
    {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT"},
    {INVALID_PTX, "CUDA_ERROR_INVALID_PTX"},
    {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS"},
    {CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"},
    {CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"},
    {999, "CUDA_ERROR_UNKNOWN"},
};

static bool is_device(int device) {
    return device >= 0 && device < state().device_count;
}

FAKE_EXPORT int cuInit(unsigned flags) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    if (int injected = enter_call("cuInit")) return injected;
    if (flags != 0) return INVALID_VALUE;
    if (state().device_count == 0) return NO_DEVICE;
    state().initialised = true;
    return SUCCESS;
}

FAKE_EXPORT int cuDriverGetVersion(int *version) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    if (int injected = enter_call("cuDriverGetVersion")) return injected;
    *version = state().version;
    return SUCCESS;
}

FAKE_EXPORT int cuGetErrorName(int result, const char **text) {
    auto found = names.find(result);
    if (found == names.end()) return INVALID_VALUE;
    *text = found->second;
    return SUCCESS;
}

FAKE_EXPORT int cuGetErrorString(int result, const char **text) {
    if (names.find(result) == names.end()) return INVALID_VALUE;
    *text = "as the double says";
    return SUCCESS;
}

FAKE_EXPORT int cuDeviceGetCount(int *count) {
    ENTER(cuDeviceGetCount);
    *count = state().device_count;
    return SUCCESS;
}

FAKE_EXPORT int cuDeviceGet(int *device, int ordinal) {
    ENTER(cuDeviceGet);
    if (!is_device(ordinal)) return INVALID_DEVICE;
    *device = ordinal;
    return SUCCESS;
}

FAKE_EXPORT int cuDeviceGetName(char *text, int capacity, int device) {
    ENTER(cuDeviceGetName);
    if (!is_device(device)) return INVALID_DEVICE;
    snprintf(text, size_t(capacity), "Fake GPU %c", 'A' + device);
    return SUCCESS;
}

FAKE_EXPORT int cuDeviceTotalMem_v2(size_t *bytes, int device) {
    ENTER(cuDeviceTotalMem_v2);
    if (!is_device(device)) return INVALID_DEVICE;
    *bytes = state().device_bytes;
    return SUCCESS;
}

FAKE_EXPORT int cuDeviceGetAttribute(int *value, int attribute, int device) {
    ENTER(cuDeviceGetAttribute);
    if (!is_device(device)) return INVALID_DEVICE;
    static const std::map<int, int> values = {
        {16, 132}, {18, 0}, {38, 50 << 20}, {75, 9}, {76, 0}, {81, 233472}, {97, 232448}, {120, 1},
    };
    auto found = values.find(attribute);
    if (found == values.end() || (attribute == 120 && state().version < 11080)) return INVALID_VALUE;
    *value = found->second;
    return SUCCESS;
}

FAKE_EXPORT int cuDeviceGetPCIBusId(char *text, int capacity, int device) {
    ENTER(cuDeviceGetPCIBusId);
    if (!is_device(device)) return INVALID_DEVICE;
    snprintf(text, size_t(capacity), "0000:%02X:00.0", 0x1B + device);
    return SUCCESS;
}

FAKE_EXPORT int cuDeviceGetUuid_v2(unsigned char *uuid, int device) {
    ENTER(cuDeviceGetUuid_v2);
    if (!is_device(device)) return INVALID_DEVICE;
    for (int i = 0; i < 16; i++) uuid[i] = (unsigned char)(i * 16 + device);
    return SUCCESS;
}

FAKE_EXPORT int cuDevicePrimaryCtxRetain(void **context, int device) {
    ENTER(cuDevicePrimaryCtxRetain);
    if (!is_device(device)) return INVALID_DEVICE;
    Context &primary = state().contexts[device];
    primary.ordinal = device;
    primary.holds++;
    *context = &primary;
    return SUCCESS;
}

FAKE_EXPORT int cuDevicePrimaryCtxRelease_v2(int device) {
    ENTER(cuDevicePrimaryCtxRelease_v2);
    if (!is_device(device)) return INVALID_DEVICE;
    Context &primary = state().contexts[device];
    if (primary.holds == 0) return misuse(INVALID_CONTEXT, "a primary context was released once too often");
    if (--primary.holds == 0) {
        if (primary.children) misuse(SUCCESS, "a context was let go of before what was made on it");
        primary.lost = SUCCESS;
    }
    return SUCCESS;
}

FAKE_EXPORT int cuCtxGetCurrent(void **context) {
    ENTER(cuCtxGetCurrent);
    auto &stack = context_stack();
    *context = stack.empty() ? nullptr : stack.back();
    return SUCCESS;
}

FAKE_EXPORT int cuCtxPushCurrent_v2(void *context) {
    ENTER(cuCtxPushCurrent_v2);
    for (auto &entry : state().contexts) {
        if (&entry.second == context && entry.second.holds > 0) {
            context_stack().push_back(&entry.second);
            return SUCCESS;
        }
    }
    return misuse(INVALID_CONTEXT, "an unknown context was made current");
}

FAKE_EXPORT int cuCtxPopCurrent_v2(void **context) {
    ENTER(cuCtxPopCurrent_v2);
    auto &stack = context_stack();
    if (stack.empty()) return misuse(INVALID_CONTEXT, "no context to pop");
    *context = stack.back();
    stack.pop_back();
    return SUCCESS;
}

FAKE_EXPORT int cuCtxSynchronize(void) {
    ENTER_WITH_CONTEXT(cuCtxSynchronize);
    drain_all(context);
    return context->lost;
}

FAKE_EXPORT int cuCtxGetStreamPriorityRange(int *least, int *greatest) {
    ENTER_WITH_CONTEXT(cuCtxGetStreamPriorityRange);
    *least = 0;
    *greatest = -5;
    return SUCCESS;
}

#ifdef FAKE_CUDA_PROC_ADDRESS
// Built with -DcuStreamQuery=hidden and the like, functions are found here alone.
FAKE_EXPORT int cuStreamQuery(void *);
FAKE_EXPORT int cuMemHostAlloc(void **, size_t, unsigned);
FAKE_EXPORT int cuGetProcAddress_v2(const char *name, void **function, int version, uint64_t flags, int *status) {
    *function = nullptr;
    if (flags != 0 || version <= 0) return INVALID_VALUE;
    if (!strcmp(name, "cuStream" "Query")) *function = (void *)&cuStreamQuery;
    if (!strcmp(name, "cuMemHost" "Alloc")) *function = (void *)&cuMemHostAlloc;
    *status = *function ? 0 : 1;
    return *function ? SUCCESS : NOT_FOUND;
}
#endif
