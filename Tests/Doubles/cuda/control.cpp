#include "state.h"
#include <cstring>

// What tests say to the double, beside the driver's own interface.

FAKE_EXPORT int fake_cuda_enqueue(void *handle, int (*work)(void *), void *argument, void (*drop)(void *)) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    std::shared_ptr<void> owned(argument, [drop](void *pointer) {
        if (drop) drop(pointer);
    });
    auto found = state().streams.find(handle);
    if (found == state().streams.end()) return misuse(INVALID_HANDLE, "host work on an unknown stream");
    return submit(found->second.get(), "host", [work, owned] { return work(owned.get()); });
}

FAKE_EXPORT void fake_cuda_register_kernel(const char *name, fake_cuda_kernel kernel) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    state().kernels[name] = kernel;
}

FAKE_EXPORT void fake_cuda_fail(const char *function, int skipped, int result) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    state().failures[function] = {skipped, result};
}

FAKE_EXPORT void fake_cuda_reset(void) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    state().log.clear();
    state().failures.clear();
    state().misuse.clear();
    for (auto &entry : state().contexts) entry.second.lost = SUCCESS;
}

FAKE_EXPORT size_t fake_cuda_log_count(void) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    return state().log.size();
}

FAKE_EXPORT const char *fake_cuda_log_at(size_t index) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    return index < state().log.size() ? state().log[index].c_str() : "";
}

FAKE_EXPORT long fake_cuda_live(const char *kind) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    State &all = state();
    long contexts = 0, device = 0, pinned = 0;
    for (auto &entry : all.contexts) contexts += entry.second.holds;
    for (auto &entry : all.allocations) (entry.second.pinned ? pinned : device)++;
    const std::map<std::string, long> counts = {
        {"context", contexts},
        {"stream", long(all.streams.size())},
        {"event", long(all.events.size())},
        {"device", device},
        {"pinned", pinned},
        {"module", long(all.modules.size())},
        {"graph", long(all.graphs.size())},
        {"executable", long(all.executables.size())},
    };
    if (*kind) {
        auto found = counts.find(kind);
        return found == counts.end() ? -1 : found->second;
    }
    long sum = 0;
    for (auto &entry : counts) sum += entry.second;
    return sum;
}

FAKE_EXPORT long fake_cuda_context_depth(void) { return long(context_stack().size()); }

FAKE_EXPORT const char *fake_cuda_misuse(void) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    State &all = state();
    all.misuse_text.clear();
    for (auto &line : all.misuse) all.misuse_text += line + "\n";
    return all.misuse_text.c_str();
}

FAKE_EXPORT void fake_cuda_set_lazy(int lazy) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    state().lazy = lazy;
}

FAKE_EXPORT void fake_cuda_lose(int ordinal, int result) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    state().contexts[ordinal].lost = result;
}

FAKE_EXPORT const fake_cuda_launch *fake_cuda_last_launch(void) { return &state().last_launch; }

FAKE_EXPORT void fake_cuda_set_version(int version) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    state().version = version;
}

FAKE_EXPORT void fake_cuda_set_devices(int count) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    state().device_count = count;
}

FAKE_EXPORT void fake_cuda_set_memory(size_t bytes) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    state().device_bytes = bytes;
}

FAKE_EXPORT void fake_cuda_set_kernel_time(fake_cuda_kernel_time time) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    state().kernel_time = time;
}
