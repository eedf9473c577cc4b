#include "../cuda/fake_cuda.h"

// Joins the doubles of TensorRT and CUDA: what TensorRT enqueues becomes work on CUDA's stream, or a part of the graph
// that is captured from it. Like the real one it insists on the stream's context being current.

namespace {

struct Run {
    void (*function)(void *);
    void *argument;
};

int perform(void *pointer) {
    Run *run = static_cast<Run *>(pointer);
    run->function(run->argument);
    return 0;
}

void drop(void *pointer) { delete static_cast<Run *>(pointer); }

} // namespace

extern "C" __attribute__((visibility("default"))) int stream_bridge_launch(
    void *stream, void (*function)(void *), void *argument) {
    auto *head = static_cast<fake_cuda_stream_head *>(stream);
    if (!head || head->magic != FAKE_CUDA_STREAM_MAGIC) return 400;
    if (!head->is_current(stream)) return 201;
    return head->enqueue(stream, perform, new Run{function, argument}, drop);
}
