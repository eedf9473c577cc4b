#include "state.h"

// Capture and graphs.

bool is_forbidden_by_capture() {
    int mode = thread_capture_mode();
    if (mode == 2) return false;
    bool forbidden = false;
    for (auto &capture : state().captures) {
        bool own = capture->thread == thread_number();
        if ((own && capture->mode != 2) || (!own && mode == 0 && capture->mode == 0)) {
            capture->invalid = true;
            forbidden = true;
        }
    }
    return forbidden;
}

FAKE_EXPORT int cuThreadExchangeStreamCaptureMode(int *mode) {
    ENTER(cuThreadExchangeStreamCaptureMode);
    if (*mode < 0 || *mode > 2) return INVALID_VALUE;
    std::swap(*mode, thread_capture_mode());
    return SUCCESS;
}

FAKE_EXPORT int cuStreamBeginCapture_v2(void *handle, int mode) {
    ENTER_WITH_CONTEXT(cuStreamBeginCapture_v2);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    if (mode < 0 || mode > 2) return INVALID_VALUE;
    if (stream->capture) return CAPTURE_UNMATCHED;
    auto capture = std::make_shared<Capture>();
    capture->origin = stream;
    capture->mode = mode;
    capture->thread = thread_number();
    stream->capture = capture;
    state().captures.insert(capture);
    return SUCCESS;
}

FAKE_EXPORT int cuStreamEndCapture(void *handle, void **graph_handle) {
    ENTER_WITH_CONTEXT(cuStreamEndCapture);
    *graph_handle = nullptr;
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    auto capture = stream->capture;
    if (!capture) return INVALID_VALUE;
    if (capture->origin != stream) return CAPTURE_UNMATCHED;
    if (capture->mode != 2 && capture->thread != thread_number()) return CAPTURE_WRONG_THREAD;
    bool unjoined = false;
    for (auto &entry : capture->branches) {
        if (entry.first != stream && entry.second.last_step > entry.second.joined_at) unjoined = true;
        entry.first->capture = nullptr;
    }
    stream->capture = nullptr;
    state().captures.erase(capture);
    if (capture->invalid) return CAPTURE_INVALIDATED;
    if (unjoined) return CAPTURE_UNJOINED;
    auto graph = std::make_unique<Graph>();
    graph->steps = capture->steps;
    graph->context = context;
    context->children++;
    *graph_handle = graph.get();
    state().graphs[graph.get()] = std::move(graph);
    return SUCCESS;
}

FAKE_EXPORT int cuStreamIsCapturing(void *handle, int *status) {
    ENTER_WITH_CONTEXT(cuStreamIsCapturing);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    *status = !stream->capture ? 0 : stream->capture->invalid ? 2 : 1;
    return SUCCESS;
}

static Graph *find(std::map<void *, std::unique_ptr<Graph>> &among, void *handle, int *result) {
    auto found = among.find(handle);
    if (found != among.end()) return found->second.get();
    *result = misuse(INVALID_HANDLE, state().log.back() + " on an unknown graph");
    return nullptr;
}

static int destroy(std::map<void *, std::unique_ptr<Graph>> &among, void *handle) {
    int result = SUCCESS;
    Graph *graph = find(among, handle, &result);
    if (!graph) return result;
    release_child(graph->context);
    among.erase(handle);
    return SUCCESS;
}

FAKE_EXPORT int cuGraphGetNodes(void *handle, void **nodes, size_t *count) {
    ENTER_WITH_CONTEXT(cuGraphGetNodes);
    int result = SUCCESS;
    Graph *graph = find(state().graphs, handle, &result);
    if (!graph) return result;
    if (nodes) return NOT_SUPPORTED;
    *count = graph->steps.size();
    return SUCCESS;
}

FAKE_EXPORT int cuGraphDestroy(void *handle) {
    ENTER_WITH_CONTEXT(cuGraphDestroy);
    return destroy(state().graphs, handle);
}

FAKE_EXPORT int cuGraphInstantiateWithFlags(void **executable_handle, void *handle, uint64_t flags) {
    ENTER_WITH_CONTEXT(cuGraphInstantiateWithFlags);
    int result = SUCCESS;
    Graph *graph = find(state().graphs, handle, &result);
    if (!graph) return result;
    if (flags > 15) return INVALID_VALUE;
    auto executable = std::make_unique<Graph>(*graph);
    context->children++;
    *executable_handle = executable.get();
    state().executables[executable.get()] = std::move(executable);
    return SUCCESS;
}

FAKE_EXPORT int cuGraphExecUpdate(void *executable_handle, void *handle, void **node, int *outcome) {
    ENTER_WITH_CONTEXT(cuGraphExecUpdate);
    int result = SUCCESS;
    Graph *executable = find(state().executables, executable_handle, &result);
    Graph *graph = find(state().graphs, handle, &result);
    if (!executable || !graph) return result;
    *node = nullptr;
    bool same = executable->steps.size() == graph->steps.size();
    for (size_t i = 0; same && i < graph->steps.size(); i++) {
        same = executable->steps[i].kind == graph->steps[i].kind;
    }
    *outcome = same ? 0 : 2;
    if (!same) return GRAPH_UPDATE_FAILURE;
    executable->steps = graph->steps;
    return SUCCESS;
}

FAKE_EXPORT int cuGraphUpload(void *executable_handle, void *stream_handle) {
    ENTER_WITH_CONTEXT(cuGraphUpload);
    int result = SUCCESS;
    Stream *stream = find_stream(stream_handle, context, &result);
    return stream && find(state().executables, executable_handle, &result) ? SUCCESS : result;
}

FAKE_EXPORT int cuGraphLaunch(void *executable_handle, void *stream_handle) {
    ENTER_WITH_CONTEXT(cuGraphLaunch);
    int result = SUCCESS;
    Stream *stream = find_stream(stream_handle, context, &result);
    Graph *executable = find(state().executables, executable_handle, &result);
    if (!stream || !executable) return result;
    auto steps = executable->steps;
    return submit(stream, "graph", [steps] {
        for (auto &step : steps) {
            if (int failed = step.run()) return failed;
        }
        return int(SUCCESS);
    });
}

FAKE_EXPORT int cuGraphExecDestroy(void *handle) {
    ENTER_WITH_CONTEXT(cuGraphExecDestroy);
    return destroy(state().executables, handle);
}
