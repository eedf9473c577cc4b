#include "state.h"
#include <atomic>
#include <cstdlib>

void register_builtin_kernels(State &state);

State::State() {
    if (const char *text = getenv("FAKE_CUDA_VERSION")) version = atoi(text);
    if (const char *text = getenv("FAKE_CUDA_DEVICES")) device_count = atoi(text);
    if (const char *text = getenv("FAKE_CUDA_MEMORY")) device_bytes = strtoull(text, nullptr, 10);
    if (const char *text = getenv("FAKE_CUDA_FAIL")) {
        std::string all = text;
        size_t first = all.find(':'), second = all.rfind(':');
        if (first != std::string::npos && second > first) {
            failures[all.substr(0, first)] = {atoi(all.c_str() + first + 1), atoi(all.c_str() + second + 1)};
        }
    }
    register_builtin_kernels(*this);
}

State &state() {
    // Never freed: threads and late destructors of the process may still call.
    static State *const one = new State;
    return *one;
}

std::recursive_mutex &lock() {
    static std::recursive_mutex *const one = new std::recursive_mutex;
    return *one;
}

std::vector<Context *> &context_stack() {
    static thread_local std::vector<Context *> stack;
    return stack;
}

int &thread_capture_mode() {
    static thread_local int mode = 0;
    return mode;
}

size_t thread_number() {
    static std::atomic<size_t> next{1};
    static thread_local size_t number = next++;
    return number;
}

int enter_call(const char *name) {
    State &all = state();
    all.log.push_back(name);
    auto found = all.failures.find(name);
    if (found == all.failures.end()) return SUCCESS;
    if (found->second.skipped-- > 0) return SUCCESS;
    int result = found->second.result;
    all.failures.erase(found);
    return result;
}

int misuse(int result, const std::string &what) {
    state().misuse.push_back(what);
    return result;
}

Context *current_context(int *result) {
    auto &stack = context_stack();
    if (stack.empty() || !stack.back()) {
        *result = misuse(INVALID_CONTEXT, state().log.back() + " without a current context");
        return nullptr;
    }
    Context *context = stack.back();
    if (context->holds == 0) {
        *result = misuse(INVALID_CONTEXT, state().log.back() + " on a context that nobody holds");
        return nullptr;
    }
    if (context->lost) {
        *result = context->lost;
        return nullptr;
    }
    return context;
}

bool is_valid(uint64_t address, size_t bytes) {
    std::lock_guard<std::recursive_mutex> guard(lock());
    auto &allocations = state().allocations;
    auto after = allocations.upper_bound(uintptr_t(address));
    if (after == allocations.begin()) return false;
    auto found = std::prev(after);
    size_t offset = uintptr_t(address) - found->first;
    return offset <= found->second.bytes && bytes <= found->second.bytes - offset;
}

void release_child(Context *context) {
    context->children--;
}
