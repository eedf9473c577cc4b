#pragma once
#include "CCUDADriver.h"

/// A launch with attributes as `cuLaunchKernelEx` takes it: every attribute is a number and 64 bytes of value.
typedef struct launch_attribute {
    int32_t id;
    uint32_t padding;
    union {
        uint8_t bytes[64];
        uint32_t extents[3];
        int32_t number;
    } value;
} launch_attribute;

typedef struct launch_config {
    uint32_t grid[3];
    uint32_t block[3];
    uint32_t dynamic_shared_bytes;
    ccu_stream *stream;
    launch_attribute *attributes;
    uint32_t attribute_count;
} launch_config;

typedef struct tensor_map {
    _Alignas(64) uint64_t words[16];
} tensor_map;

// Every function that is used, once: CCU(name here, exported name, name without version suffix, CUDA version of this
// form, arguments…). Functions newer than CCU_MINIMUM_VERSION may be missing.
#define CCU_FUNCTIONS(CCU)                                                                                             \
    CCU(init, cuInit, cuInit, 2000, uint32_t)                                                                          \
    CCU(driver_version, cuDriverGetVersion, cuDriverGetVersion, 2020, int32_t *)                                       \
    CCU(error_name, cuGetErrorName, cuGetErrorName, 6000, int32_t, const char **)                                      \
    CCU(error_string, cuGetErrorString, cuGetErrorString, 6000, int32_t, const char **)                                \
    CCU(device_count, cuDeviceGetCount, cuDeviceGetCount, 2000, int32_t *)                                             \
    CCU(device_get, cuDeviceGet, cuDeviceGet, 2000, int32_t *, int32_t)                                                \
    CCU(device_name, cuDeviceGetName, cuDeviceGetName, 2000, char *, int32_t, int32_t)                                 \
    CCU(device_memory, cuDeviceTotalMem_v2, cuDeviceTotalMem, 3020, size_t *, int32_t)                                 \
    CCU(device_attribute, cuDeviceGetAttribute, cuDeviceGetAttribute, 2000, int32_t *, int32_t, int32_t)               \
    CCU(device_pci_bus_id, cuDeviceGetPCIBusId, cuDeviceGetPCIBusId, 4010, char *, int32_t, int32_t)                   \
    CCU(device_uuid, cuDeviceGetUuid_v2, cuDeviceGetUuid, 11040, uint8_t *, int32_t)                                   \
    CCU(primary_retain, cuDevicePrimaryCtxRetain, cuDevicePrimaryCtxRetain, 7000, ccu_context **, int32_t)             \
    CCU(primary_release, cuDevicePrimaryCtxRelease_v2, cuDevicePrimaryCtxRelease, 11000, int32_t)                      \
    CCU(context_current, cuCtxGetCurrent, cuCtxGetCurrent, 4000, ccu_context **)                                       \
    CCU(context_push, cuCtxPushCurrent_v2, cuCtxPushCurrent, 4000, ccu_context *)                                      \
    CCU(context_pop, cuCtxPopCurrent_v2, cuCtxPopCurrent, 4000, ccu_context **)                                        \
    CCU(context_synchronize, cuCtxSynchronize, cuCtxSynchronize, 2000, void)                                           \
    CCU(priority_range, cuCtxGetStreamPriorityRange, cuCtxGetStreamPriorityRange, 5050, int32_t *, int32_t *)          \
    CCU(memory_info, cuMemGetInfo_v2, cuMemGetInfo, 3020, size_t *, size_t *)                                          \
    CCU(memory_allocate, cuMemAlloc_v2, cuMemAlloc, 3020, uint64_t *, size_t)                                          \
    CCU(memory_free, cuMemFree_v2, cuMemFree, 3020, uint64_t)                                                          \
    CCU(host_allocate, cuMemHostAlloc, cuMemHostAlloc, 2020, void **, size_t, uint32_t)                                \
    CCU(host_free, cuMemFreeHost, cuMemFreeHost, 2000, void *)                                                         \
    CCU(copy_to_device, cuMemcpyHtoDAsync_v2, cuMemcpyHtoDAsync, 3020, uint64_t, const void *, size_t, ccu_stream *)   \
    CCU(copy_to_host, cuMemcpyDtoHAsync_v2, cuMemcpyDtoHAsync, 3020, void *, uint64_t, size_t, ccu_stream *)           \
    CCU(copy_on_device, cuMemcpyDtoDAsync_v2, cuMemcpyDtoDAsync, 3020, uint64_t, uint64_t, size_t, ccu_stream *)       \
    CCU(fill_bytes, cuMemsetD8Async, cuMemsetD8Async, 3020, uint64_t, uint8_t, size_t, ccu_stream *)                   \
    CCU(stream_create, cuStreamCreateWithPriority, cuStreamCreateWithPriority, 5050, ccu_stream **, uint32_t, int32_t) \
    CCU(stream_destroy, cuStreamDestroy_v2, cuStreamDestroy, 4000, ccu_stream *)                                       \
    CCU(stream_synchronize, cuStreamSynchronize, cuStreamSynchronize, 2000, ccu_stream *)                              \
    CCU(stream_query, cuStreamQuery, cuStreamQuery, 2000, ccu_stream *)                                                \
    CCU(stream_wait, cuStreamWaitEvent, cuStreamWaitEvent, 3020, ccu_stream *, ccu_event *, uint32_t)                  \
    CCU(event_create, cuEventCreate, cuEventCreate, 2000, ccu_event **, uint32_t)                                      \
    CCU(event_destroy, cuEventDestroy_v2, cuEventDestroy, 4000, ccu_event *)                                           \
    CCU(event_record, cuEventRecord, cuEventRecord, 2000, ccu_event *, ccu_stream *)                                   \
    CCU(event_synchronize, cuEventSynchronize, cuEventSynchronize, 2000, ccu_event *)                                  \
    CCU(event_query, cuEventQuery, cuEventQuery, 2000, ccu_event *)                                                    \
    CCU(event_elapsed, cuEventElapsedTime, cuEventElapsedTime, 2000, float *, ccu_event *, ccu_event *)                \
    CCU(capture_begin, cuStreamBeginCapture_v2, cuStreamBeginCapture, 10010, ccu_stream *, int32_t)                    \
    CCU(capture_end, cuStreamEndCapture, cuStreamEndCapture, 10000, ccu_stream *, ccu_graph **)                        \
    CCU(capture_status, cuStreamIsCapturing, cuStreamIsCapturing, 10000, ccu_stream *, int32_t *)                      \
    CCU(thread_capture_mode, cuThreadExchangeStreamCaptureMode, cuThreadExchangeStreamCaptureMode, 10010, int32_t *)   \
    CCU(graph_nodes, cuGraphGetNodes, cuGraphGetNodes, 10000, ccu_graph *, void **, size_t *)                          \
    CCU(graph_destroy, cuGraphDestroy, cuGraphDestroy, 10000, ccu_graph *)                                             \
    CCU(graph_instantiate, cuGraphInstantiateWithFlags, cuGraphInstantiateWithFlags, 11040, ccu_graph_exec **,         \
        ccu_graph *, uint64_t)                                                                                         \
    CCU(graph_update, cuGraphExecUpdate, cuGraphExecUpdate, 10020, ccu_graph_exec *, ccu_graph *, void **, int32_t *)  \
    CCU(graph_upload, cuGraphUpload, cuGraphUpload, 11010, ccu_graph_exec *, ccu_stream *)                             \
    CCU(graph_launch, cuGraphLaunch, cuGraphLaunch, 10000, ccu_graph_exec *, ccu_stream *)                             \
    CCU(graph_exec_destroy, cuGraphExecDestroy, cuGraphExecDestroy, 10000, ccu_graph_exec *)                           \
    CCU(module_load, cuModuleLoadDataEx, cuModuleLoadDataEx, 2010, ccu_module **, const void *, uint32_t, int32_t *,   \
        void **)                                                                                                       \
    CCU(module_unload, cuModuleUnload, cuModuleUnload, 2000, ccu_module *)                                             \
    CCU(module_function, cuModuleGetFunction, cuModuleGetFunction, 2000, ccu_function **, ccu_module *, const char *)  \
    CCU(module_global, cuModuleGetGlobal_v2, cuModuleGetGlobal, 3020, uint64_t *, size_t *, ccu_module *,              \
        const char *)                                                                                                  \
    CCU(function_attribute, cuFuncGetAttribute, cuFuncGetAttribute, 2020, int32_t *, int32_t, ccu_function *)          \
    CCU(function_set_attribute, cuFuncSetAttribute, cuFuncSetAttribute, 9000, ccu_function *, int32_t, int32_t)        \
    CCU(function_parameter, cuFuncGetParamInfo, cuFuncGetParamInfo, 12040, ccu_function *, size_t, size_t *, size_t *) \
    CCU(occupancy, cuOccupancyMaxActiveBlocksPerMultiprocessor, cuOccupancyMaxActiveBlocksPerMultiprocessor, 6050,     \
        int32_t *, ccu_function *, int32_t, size_t)                                                                    \
    CCU(occupancy_clusters, cuOccupancyMaxActiveClusters, cuOccupancyMaxActiveClusters, 11080, int32_t *,              \
        ccu_function *, const launch_config *)                                                                         \
    CCU(launch_kernel, cuLaunchKernel, cuLaunchKernel, 4000, ccu_function *, uint32_t, uint32_t, uint32_t, uint32_t,   \
        uint32_t, uint32_t, uint32_t, ccu_stream *, void **, void **)                                                  \
    CCU(launch_kernel_ex, cuLaunchKernelEx, cuLaunchKernelEx, 11060, const launch_config *, ccu_function *, void **,   \
        void **)                                                                                                       \
    CCU(tensor_map_encode, cuTensorMapEncodeTiled, cuTensorMapEncodeTiled, 12000, tensor_map *, int32_t, uint32_t,     \
        void *, const uint64_t *, const uint64_t *, const uint32_t *, const uint32_t *, int32_t, int32_t, int32_t,     \
        int32_t)

/// One pointer for each function, in the order of the list.
struct ccu_driver {
#define CCU_SLOT(slot, exported, name, version, ...) int32_t (*slot)(__VA_ARGS__);
    CCU_FUNCTIONS(CCU_SLOT)
#undef CCU_SLOT
};
