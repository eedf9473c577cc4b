#pragma once
#include <stddef.h>
#include <stdint.h>

// A double of NVIDIA's driver library that computes in host memory, for tests on machines without a GPU.
//
// - Device memory is host memory at the same address, filled with 0xCD when allocated. Every access by the double's own
//   copies and kernels is checked against the table of allocations; one outside it breaks the context (result 700).
// - Streams are queues. Unless told otherwise nothing on them runs before someone waits (for a stream, an event, the
//   context) or frees memory, so a missing wait shows as 0xCD. A query runs one step, so that polling ends.
// - Copies from memory that isn't pinned read it at once; copies to such memory run at once, as the driver's do.
// - Modules are PTX text, of which only entry names and parameter sizes are read; the work is done by host functions
//   registered under the entry's name. `kernels.cpp` has some.
// - Elapsed times come from a clock that each step moves by an amount of its own, so they are the same in each run.
// - Objects, misuse and calls are counted, and any call can be made to fail.
//
// Libraries that stand in for users of CUDA (a fake TensorRT) needn't link against this: a stream handle points at a
// `fake_cuda_stream_head`.

#ifdef __cplusplus
extern "C" {
#endif

#define FAKE_CUDA_STREAM_MAGIC 0x46414b4553545245ULL

/// What every stream handle of this library points at.
typedef struct fake_cuda_stream_head {
    uint64_t magic;
    /// Puts host work on the stream, or into the graph that is being captured from it; then it runs once for every
    /// launch. `work` gives 0 or a result that breaks the context. `drop` (may be null) frees `argument` once nothing can
    /// run the work any more. Gives the driver's result; unless that is 0, `drop` was already called.
    int (*enqueue)(void *stream, int (*work)(void *argument), void *argument, void (*drop)(void *argument));
    /// Whether the bytes lie within one live allocation, on the device or pinned.
    int (*is_valid)(uint64_t address, size_t bytes);
    /// Whether the calling thread has the stream's context current.
    int (*is_current)(void *stream);
    /// Whether the stream is being captured.
    int (*is_capturing)(void *stream);
} fake_cuda_stream_head;

/// A kernel launch as a registered host function sees it.
typedef struct fake_cuda_launch {
    void **parameters;
    size_t parameter_count;
    uint32_t grid[3];
    uint32_t block[3];
    uint32_t cluster[3];
    uint32_t dynamic_shared_bytes;
    int32_t overlaps_predecessor;
    int32_t cooperative;
    int (*is_valid)(uint64_t address, size_t bytes);
} fake_cuda_launch;

typedef int (*fake_cuda_kernel)(const fake_cuda_launch *launch);

/// The same as the stream head's `enqueue`, for callers that look functions up by name.
int fake_cuda_enqueue(void *stream, int (*work)(void *), void *argument, void (*drop)(void *));
/// Registers the host function for entries of that name in every module.
void fake_cuda_register_kernel(const char *name, fake_cuda_kernel kernel);

/// How many milliseconds a kernel takes by the clock that events read; `image` is the text of its module. Null takes next to
/// nothing.
typedef double (*fake_cuda_kernel_time)(const char *image, const fake_cuda_launch *launch);
void fake_cuda_set_kernel_time(fake_cuda_kernel_time time);

/// Makes the call after `skipped` further calls of the function give `result` without doing anything, once.
/// FAKE_CUDA_FAIL=function:skipped:result in the environment does the same at loading.
void fake_cuda_fail(const char *function, int skipped, int result);
/// Forgets the log, injected failures, misuse and broken contexts. Objects stay.
void fake_cuda_reset(void);
/// The names of the functions called so far, one after the other.
size_t fake_cuda_log_count(void);
const char *fake_cuda_log_at(size_t index);
/// Live objects of a kind: context, stream, event, device, pinned, module, graph, executable; "" for all.
long fake_cuda_live(const char *kind);
/// How deep the calling thread's stack of contexts is.
long fake_cuda_context_depth(void);
/// What was done wrong so far, separated by newlines; empty when nothing was. Valid until the next call of this.
const char *fake_cuda_misuse(void);
/// 0: work runs when it is put on a stream. 1 (at first): when someone waits.
void fake_cuda_set_lazy(int lazy);
/// Breaks the device's context: every later call on it gives the result.
void fake_cuda_lose(int ordinal, int result);
/// The attributes of the last kernel launch.
const fake_cuda_launch *fake_cuda_last_launch(void);

// Set before loading, in the environment: FAKE_CUDA_VERSION (12080), FAKE_CUDA_DEVICES (2), FAKE_CUDA_MEMORY (bytes of
// each device, 1 GiB). Or afterwards:
void fake_cuda_set_version(int version);
void fake_cuda_set_devices(int count);
void fake_cuda_set_memory(size_t bytes);

#ifdef __cplusplus
}
#endif
