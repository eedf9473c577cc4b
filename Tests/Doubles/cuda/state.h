#pragma once
#include "fake_cuda.h"
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

// The one state of the double. Every entry point holds `lock()`; work on streams runs under it too.

enum Result {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    NOT_INITIALIZED = 3,
    NO_DEVICE = 100,
    INVALID_DEVICE = 101,
    INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201,
    INVALID_PTX = 218,
    INVALID_HANDLE = 400,
    NOT_FOUND = 500,
    NOT_READY = 600,
    ILLEGAL_ADDRESS = 700,
    NOT_SUPPORTED = 801,
    CAPTURE_UNSUPPORTED = 900,
    CAPTURE_INVALIDATED = 901,
    CAPTURE_MERGE = 902,
    CAPTURE_UNMATCHED = 903,
    CAPTURE_UNJOINED = 904,
    CAPTURE_ISOLATION = 905,
    CAPTURED_EVENT = 907,
    CAPTURE_WRONG_THREAD = 908,
    GRAPH_UPDATE_FAILURE = 910,
};

struct Context {
    int ordinal;
    long holds = 0;
    long children = 0;
    int lost = SUCCESS;
};

/// One step: `kind` tells what it is, so that graphs can be compared.
struct Step {
    std::string kind;
    std::function<int()> run;
};

struct Graph {
    std::vector<Step> steps;
    Context *context = nullptr;
};

struct Stream;

/// A capture in progress, begun on `origin` and spread to streams that waited for it.
struct Capture {
    Stream *origin;
    int mode;
    size_t thread;
    bool invalid = false;
    std::vector<Step> steps;
    /// For each stream that joined: how many steps there were when its last one was added, and when it was last waited
    /// for.
    struct Branch {
        size_t last_step = 0;
        size_t joined_at = 0;
    };
    std::map<Stream *, Branch> branches;
};

struct Stream {
    fake_cuda_stream_head head;
    Context *context = nullptr;
    uint64_t issued = 0;
    uint64_t executed = 0;
    std::deque<Step> queue;
    std::shared_ptr<Capture> capture;
};

struct Event {
    Context *context = nullptr;
    unsigned flags = 0;
    std::shared_ptr<Stream> stream; // null before the first record
    uint64_t ticket = 0;
    double reached_at = 0;
    std::shared_ptr<Capture> capture;
    size_t captured_steps = 0;
};

struct Allocation {
    size_t bytes;
    bool pinned;
    Context *context;
};

struct Module {
    Context *context = nullptr;
    std::map<std::string, std::vector<size_t>> entries;
    std::vector<std::unique_ptr<struct Function>> functions;
    std::shared_ptr<std::string> image;
};

struct Function {
    Module *module;
    std::string name;
    std::vector<size_t> sizes;
    int dynamic_shared = 48 * 1024;
};

struct State {
    bool initialised = false;
    bool lazy = true;
    int version = 12080;
    int device_count = 2;
    size_t device_bytes = size_t(1) << 30;
    double clock = 0; // milliseconds
    std::map<int, Context> contexts;
    std::map<void *, std::shared_ptr<Stream>> streams;
    std::map<void *, std::shared_ptr<Event>> events;
    std::map<void *, std::unique_ptr<Graph>> graphs;
    std::map<void *, std::unique_ptr<Graph>> executables;
    std::map<void *, std::unique_ptr<Module>> modules;
    std::map<uintptr_t, Allocation> allocations;
    std::set<std::shared_ptr<Capture>> captures;
    std::map<std::string, fake_cuda_kernel> kernels;
    fake_cuda_kernel_time kernel_time = nullptr;
    std::vector<std::string> log;
    std::vector<std::string> misuse;
    std::string misuse_text;
    struct Failure {
        int skipped;
        int result;
    };
    std::map<std::string, Failure> failures;
    fake_cuda_launch last_launch{};

    State();
};

State &state();
std::recursive_mutex &lock();
std::vector<Context *> &context_stack();
int &thread_capture_mode();
size_t thread_number();

/// Logs a call; gives the result that it was told to fail with, or 0.
int enter_call(const char *name);
int misuse(int result, const std::string &what);
/// The calling thread's context; `*result` says why there is none to work with.
Context *current_context(int *result);
bool is_valid(uint64_t address, size_t bytes);
void release_child(Context *context);

/// Puts a step on a stream, or into the graph being captured from it.
int submit(Stream *stream, const std::string &kind, std::function<int()> run);
/// Runs a stream's steps up to a ticket.
void drain(Stream *stream, uint64_t ticket);
void drain_all(Context *context);
Stream *find_stream(void *handle, Context *context, int *result);
/// Whether a call such as an allocation is forbidden now; then the captures that forbid it are invalidated.
bool is_forbidden_by_capture();

#define FAKE_EXPORT extern "C" __attribute__((visibility("default")))

#define ENTER(name)                                                                                                    \
    std::lock_guard<std::recursive_mutex> guard(lock());                                                               \
    if (int injected = enter_call(#name)) return injected;                                                             \
    if (!state().initialised) return NOT_INITIALIZED

#define ENTER_WITH_CONTEXT(name)                                                                                       \
    ENTER(name);                                                                                                       \
    int context_result = SUCCESS;                                                                                      \
    Context *context = current_context(&context_result);                                                               \
    if (!context) return context_result
