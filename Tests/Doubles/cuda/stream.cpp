#include "state.h"

// Streams and events.

static int enqueue(void *handle, int (*work)(void *), void *argument, void (*drop)(void *)) {
    return fake_cuda_enqueue(handle, work, argument, drop);
}

static int check_valid(uint64_t address, size_t bytes) {
    return is_valid(address, bytes);
}

static int is_current(void *handle) {
    auto &stack = context_stack();
    return !stack.empty() && stack.back() == static_cast<Stream *>(handle)->context;
}

static int is_capturing(void *handle) {
    return static_cast<Stream *>(handle)->capture != nullptr;
}

int submit(Stream *stream, const std::string &kind, std::function<int()> run) {
    if (auto capture = stream->capture) {
        if (capture->invalid) return CAPTURE_INVALIDATED;
        capture->steps.push_back({kind, run});
        capture->branches[stream].last_step = capture->steps.size();
        return SUCCESS;
    }
    stream->queue.push_back({kind, run});
    stream->issued++;
    if (!state().lazy) drain(stream, stream->issued);
    return SUCCESS;
}

void drain(Stream *stream, uint64_t ticket) {
    while (stream->executed < ticket && !stream->queue.empty()) {
        Step step = std::move(stream->queue.front());
        stream->queue.pop_front();
        state().clock += 0.001;
        if (!stream->context->lost) {
            if (int result = step.run()) stream->context->lost = result;
        }
        stream->executed++;
    }
}

void drain_all(Context *context) {
    auto streams = state().streams;
    for (auto &entry : streams) {
        if (entry.second->context == context) drain(entry.second.get(), entry.second->issued);
    }
}

Stream *find_stream(void *handle, Context *context, int *result) {
    auto found = state().streams.find(handle);
    if (found == state().streams.end()) {
        *result = misuse(INVALID_HANDLE, state().log.back() + " on an unknown stream");
        return nullptr;
    }
    if (found->second->context != context) {
        *result = misuse(INVALID_HANDLE, state().log.back() + " on a stream of another context");
        return nullptr;
    }
    return found->second.get();
}

static Event *find_event(void *handle, int *result) {
    auto found = state().events.find(handle);
    if (found != state().events.end()) return found->second.get();
    *result = misuse(INVALID_HANDLE, state().log.back() + " on an unknown event");
    return nullptr;
}

/// Waiting for a stream in the middle of its capture spoils the capture.
static bool spoils_capture(Stream *stream) {
    if (!stream->capture) return false;
    stream->capture->invalid = true;
    return true;
}

FAKE_EXPORT int cuStreamCreateWithPriority(void **handle, unsigned flags, int priority) {
    ENTER_WITH_CONTEXT(cuStreamCreateWithPriority);
    if (flags > 1 || priority > 0 || priority < -5) return INVALID_VALUE;
    auto stream = std::make_shared<Stream>();
    stream->head = {FAKE_CUDA_STREAM_MAGIC, enqueue, check_valid, is_current, is_capturing};
    stream->context = context;
    context->children++;
    *handle = stream.get();
    state().streams[stream.get()] = stream;
    return SUCCESS;
}

FAKE_EXPORT int cuStreamDestroy_v2(void *handle) {
    ENTER_WITH_CONTEXT(cuStreamDestroy_v2);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    if (stream->capture) misuse(SUCCESS, "a stream was destroyed during its capture");
    drain(stream, stream->issued);
    release_child(context);
    state().streams.erase(handle);
    return SUCCESS;
}

FAKE_EXPORT int cuStreamSynchronize(void *handle) {
    ENTER_WITH_CONTEXT(cuStreamSynchronize);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    if (spoils_capture(stream)) return CAPTURE_UNSUPPORTED;
    drain(stream, stream->issued);
    return context->lost;
}

FAKE_EXPORT int cuStreamQuery(void *handle) {
    ENTER_WITH_CONTEXT(cuStreamQuery);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    if (spoils_capture(stream)) return CAPTURE_UNSUPPORTED;
    if (stream->executed == stream->issued) return SUCCESS;
    drain(stream, stream->executed + 1);
    return context->lost ? context->lost : int(NOT_READY);
}

FAKE_EXPORT int cuStreamWaitEvent(void *handle, void *event_handle, unsigned flags) {
    ENTER_WITH_CONTEXT(cuStreamWaitEvent);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    Event *event = find_event(event_handle, &result);
    if (!stream || !event) return result;
    if (flags > 1) return INVALID_VALUE;
    if (!event->stream) return SUCCESS;
    if (auto capture = event->capture) {
        if (!state().captures.count(capture)) return CAPTURED_EVENT;
        if (stream->capture && stream->capture != capture) return CAPTURE_MERGE;
        stream->capture = capture;
        capture->branches[stream];
        auto &branch = capture->branches[event->stream.get()];
        if (event->stream.get() != stream && branch.joined_at < event->captured_steps) {
            branch.joined_at = event->captured_steps;
        }
        return SUCCESS;
    }
    if (spoils_capture(stream)) return CAPTURE_ISOLATION;
    auto other = event->stream;
    uint64_t ticket = event->ticket;
    return submit(stream, "wait", [other, ticket] {
        drain(other.get(), ticket);
        return int(SUCCESS);
    });
}

FAKE_EXPORT int cuEventCreate(void **handle, unsigned flags) {
    ENTER_WITH_CONTEXT(cuEventCreate);
    if (flags > 3) return INVALID_VALUE;
    auto event = std::make_shared<Event>();
    event->context = context;
    event->flags = flags;
    context->children++;
    *handle = event.get();
    state().events[event.get()] = event;
    return SUCCESS;
}

FAKE_EXPORT int cuEventDestroy_v2(void *handle) {
    ENTER_WITH_CONTEXT(cuEventDestroy_v2);
    int result = SUCCESS;
    Event *event = find_event(handle, &result);
    if (!event) return result;
    release_child(event->context);
    state().events.erase(handle);
    return SUCCESS;
}

FAKE_EXPORT int cuEventRecord(void *handle, void *stream_handle) {
    ENTER_WITH_CONTEXT(cuEventRecord);
    int result = SUCCESS;
    Stream *stream = find_stream(stream_handle, context, &result);
    if (!stream || !find_event(handle, &result)) return result;
    std::shared_ptr<Event> event = state().events[handle];
    event->stream = state().streams[stream_handle];
    event->capture = stream->capture;
    if (stream->capture) {
        event->captured_steps = stream->capture->branches[stream].last_step;
        return SUCCESS;
    }
    uint64_t ticket = stream->issued + 1;
    event->ticket = ticket;
    return submit(stream, "record", [event, ticket] {
        if (event->ticket == ticket) event->reached_at = state().clock;
        return int(SUCCESS);
    });
}

FAKE_EXPORT int cuEventSynchronize(void *handle) {
    ENTER_WITH_CONTEXT(cuEventSynchronize);
    int result = SUCCESS;
    Event *event = find_event(handle, &result);
    if (!event) return result;
    if (event->capture) return CAPTURED_EVENT;
    if (event->stream) drain(event->stream.get(), event->ticket);
    return context->lost;
}

FAKE_EXPORT int cuEventQuery(void *handle) {
    ENTER_WITH_CONTEXT(cuEventQuery);
    int result = SUCCESS;
    Event *event = find_event(handle, &result);
    if (!event) return result;
    if (event->capture) return CAPTURED_EVENT;
    if (!event->stream || event->stream->executed >= event->ticket) return SUCCESS;
    drain(event->stream.get(), event->stream->executed + 1);
    return context->lost ? context->lost : int(NOT_READY);
}

FAKE_EXPORT int cuEventElapsedTime(float *milliseconds, void *start_handle, void *end_handle) {
    ENTER_WITH_CONTEXT(cuEventElapsedTime);
    int result = SUCCESS;
    Event *start = find_event(start_handle, &result);
    Event *end = find_event(end_handle, &result);
    if (!start || !end) return result;
    if ((start->flags | end->flags) & 2 || !start->stream || !end->stream) return INVALID_HANDLE;
    for (Event *event : {start, end}) {
        if (event->stream->executed < event->ticket) return NOT_READY;
    }
    *milliseconds = float(end->reached_at - start->reached_at);
    return SUCCESS;
}

FAKE_EXPORT int cuLaunchHostFunc(void *handle, void (*function)(void *), void *argument) {
    ENTER_WITH_CONTEXT(cuLaunchHostFunc);
    int result = SUCCESS;
    Stream *stream = find_stream(handle, context, &result);
    if (!stream) return result;
    return submit(stream, "host", [=] {
        function(argument);
        return int(SUCCESS);
    });
}
