// The runtime's double: reads the plan's text and computes on host memory.
#include "library.hpp"

#include <map>
#include <set>
#include <sstream>

static Control theControl;
Control *control = &theControl;

const std::string planHeader = "plan of double " + std::to_string(FAMILY) + " " + std::to_string(VERSION);

namespace {

/// `cuLaunchHostFunc`, when the test has one: work then runs in stream order and can be captured.
using HostFunction = void (*)(void *);
using Launch = int (*)(void *stream, HostFunction function, void *argument);
std::atomic<Launch> launch{nullptr};

struct EngineTensor : Tensor {
    int32_t mode = 0;
    std::vector<std::vector<int64_t>> ends; // min, opt, max of each profile
};

struct Plan {
    int32_t profiles = 0;
    std::vector<EngineTensor> tensors;
    std::set<int32_t> used; // profiles that contexts have

    const EngineTensor *find(const char *name) const {
        for (const EngineTensor &tensor : tensors) if (tensor.name == name) return &tensor;
        return nullptr;
    }
};

std::vector<int64_t> readShape(std::istream &text) {
    size_t rank = 0;
    text >> rank;
    std::vector<int64_t> shape(rank > 8 ? 0 : rank);
    for (int64_t &extent : shape) text >> extent;
    return shape;
}

std::shared_ptr<Plan> readPlan(const std::string &bytes) {
    std::istringstream text(bytes);
    std::string header;
    std::getline(text, header);
    if (header.compare(0, 14, "plan of double") != 0) {
        control->log(1, "double: Serialization assertion magicTag failed");
        return nullptr;
    }
    if (header != planHeader) {
        control->log(1, "double: Version tag does not match");
        return nullptr;
    }
    auto plan = std::make_shared<Plan>();
    size_t count = 0;
    text >> plan->profiles >> count;
    for (size_t index = 0; index < count && text; ++index) {
        EngineTensor tensor;
        text >> tensor.mode >> tensor.name >> tensor.type;
        tensor.shape = readShape(text);
        for (int32_t end = 0; tensor.mode == 1 && end < 3 * plan->profiles; ++end) tensor.ends.push_back(readShape(text));
        plan->tensors.push_back(tensor);
    }
    return text ? plan : nullptr;
}

/// One run: what `enqueueV3` was given.
struct Run {
    const uint8_t *faces;
    float *embedding;
    int64_t count, faceSize, width;

    static void perform(void *argument) {
        const Run &run = *static_cast<Run *>(argument);
        for (int64_t n = 0; n < run.count; ++n) {
            for (int64_t d = 0; d < run.width; ++d) {
                float sum = 0;
                for (int64_t i = 0; i < run.faceSize; ++i) {
                    sum += float(run.faces[n * run.faceSize + i]) * float((i + d) % 7 + 1);
                }
                run.embedding[n * run.width + d] = sum;
            }
        }
    }
};

/// What a runtime cache holds: a line for each batch size that a kernel was compiled for.
struct Kernels {
    std::mutex mutex;
    std::string bytes = "kernels\n";

    void need(int64_t batch) {
        const std::lock_guard<std::mutex> lock(mutex);
        const std::string line = "batch " + std::to_string(batch) + "\n";
        if (bytes.find("\n" + line) != std::string::npos) return;
        bytes += line;
        control->note("compiled " + std::to_string(batch));
    }
};

struct ContextImpl : VExecutionContext {
    std::shared_ptr<Plan> plan;
    Kernels *kernels = nullptr; // the runtime cache's, which has to outlive the context
    int32_t profile = -1;
    std::map<std::string, std::vector<int64_t>> shapes;
    std::map<std::string, void *> addresses;
    std::vector<std::unique_ptr<Run>> runs; // graphs replay them

    explicit ContextImpl(std::shared_ptr<Plan> plan) : plan(std::move(plan)) { choose(0); }
    ~ContextImpl() { plan->used.erase(profile); }

    bool choose(int32_t index) {
        if (index < 0 || index >= plan->profiles || (index != profile && plan->used.count(index))) return false;
        plan->used.erase(profile);
        plan->used.insert(index);
        profile = index;
        shapes.clear();
        return true;
    }

    bool setOptimizationProfileAsync(int32_t index, cudaStream_t) override {
        FAIL(false);
        if (choose(index)) return true;
        control->log(1, "double: profile " + std::to_string(index) + " isn't there or is in use");
        return false;
    }

    bool setInputShape(const char *name, const Dims &dims) override {
        FAIL(false);
        const auto *tensor = plan->find(name);
        const std::vector<int64_t> shape = shapeOf(dims);
        if (!tensor || tensor->mode != 1 || profile < 0) return false;
        const auto &low = tensor->ends[size_t(profile) * 3], &high = tensor->ends[size_t(profile) * 3 + 2];
        if (shape.size() != low.size()) return false;
        for (size_t index = 0; index < shape.size(); ++index) {
            if (shape[index] < low[index] || shape[index] > high[index]) {
                control->log(1, "double: the shape is outside the profile");
                return false;
            }
        }
        shapes[name] = shape;
        return true;
    }

    Dims getTensorShape(const char *name) override {
        FAIL((Dims{-1, {}}));
        const auto *tensor = plan->find(name);
        if (!tensor) return Dims{-1, {}};
        std::vector<int64_t> shape = tensor->shape;
        if (!shape.empty() && shape[0] < 0 && !shapes.empty()) shape[0] = shapes.begin()->second[0];
        return dimsOf(shape);
    }

    bool setTensorAddress(const char *name, void *address) override {
        FAIL(false);
        if (!plan->find(name)) return false;
        addresses[name] = address;
        return true;
    }

    int32_t inferShapes(int32_t, const char **) override {
        FAIL(-1);
        int32_t missing = 0;
        for (const auto &tensor : plan->tensors) missing += tensor.mode == 1 && !shapes.count(tensor.name);
        return missing;
    }

    bool enqueueV3(cudaStream_t stream) override {
        FAIL(false);
        const EngineTensor *input = nullptr, *output = nullptr;
        for (const auto &tensor : plan->tensors) (tensor.mode == 1 ? input : output) = &tensor;
        if (!input || !output || !shapes.count(input->name) || !addresses[input->name] || !addresses[output->name]) {
            control->log(1, "double: enqueued without shapes and addresses");
            return false;
        }
        const auto &shape = shapes[input->name];
        int64_t faceSize = 1;
        for (size_t index = 1; index < shape.size(); ++index) faceSize *= shape[index];
        runs.push_back(std::make_unique<Run>(Run{
            static_cast<const uint8_t *>(addresses[input->name]), static_cast<float *>(addresses[output->name]), shape[0],
            faceSize, output->shape.at(1)}));
        if (kernels) kernels->need(shape[0]);
        control->note("enqueue " + std::to_string(shape[0]) + " on " + std::to_string(reinterpret_cast<uintptr_t>(stream)));
        if (const Launch start = launch) return start(stream, Run::perform, runs.back().get()) == 0;
        Run::perform(runs.back().get());
        return true;
    }
};

} // namespace

struct IExecutionContext : Public<ContextImpl> { using Public::Public; };

#if FAMILY == 1
struct RuntimeCacheImpl : VRuntimeCache {
    Kernels kernels;
    IHostMemory *serialize() override { FAIL_POINTER(IHostMemory *); return hostMemory(kernels.bytes); }
    bool deserialize(const void *start, size_t size) override {
        FAIL(false);
        kernels.bytes.assign(static_cast<const char *>(start), size);
        control->note("runtime cache read");
        return kernels.bytes.compare(0, 7, "kernels") == 0;
    }
};
struct IRuntimeCache : Public<RuntimeCacheImpl> { using Public::Public; };

struct RuntimeConfigImpl : VRuntimeConfig {
    IRuntimeCache *cache = nullptr;
    IRuntimeCache *createRuntimeCache() override { FAIL_POINTER(IRuntimeCache *); return new IRuntimeCache(new RuntimeCacheImpl); }
    bool setRuntimeCache(const IRuntimeCache &cache) override {
        FAIL(false);
        this->cache = const_cast<IRuntimeCache *>(&cache);
        control->note("runtime cache " + std::to_string(cache.implementation->kernels.bytes.size()));
        return true;
    }
    void setDynamicShapesKernelSpecializationStrategy(DynamicShapesKernelSpecializationStrategy value) override {
        FAIL();
        control->note("specialization " + std::to_string(int(value)));
    }
    bool setCudaGraphStrategy(CudaGraphStrategy value) override {
        FAIL(false);
        control->note("graphs " + std::to_string(int(value)));
        return true;
    }
};
struct IRuntimeConfig : Public<RuntimeConfigImpl> { using Public::Public; };
#endif

namespace {

struct InspectorImpl : VEngineInspector {
    const char *getEngineInformation(LayerInformationFormat format) override {
        FAIL_POINTER(const char *);
        return int(format) == 1 ? "{\"Layers\": [\"double\"]}" : "double";
    }
};

} // namespace

struct IEngineInspector : Public<InspectorImpl> { using Public::Public; };

namespace {

struct EngineImpl : VCudaEngine {
    std::shared_ptr<Plan> plan;
    explicit EngineImpl(std::shared_ptr<Plan> plan) : plan(std::move(plan)) {}

    int32_t getNbLayers() override { FAIL(-1); return 1; }
    int32_t getNbOptimizationProfiles() override { FAIL(-1); return plan->profiles; }
    int32_t getNbIOTensors() override { FAIL(-1); return int32_t(plan->tensors.size()); }
    const char *getIOTensorName(int32_t index) override {
        FAIL_POINTER(const char *);
        return plan->tensors.at(size_t(index)).name.c_str();
    }
    TensorIOMode getTensorIOMode(const char *name) override {
        FAIL(TensorIOMode(-1));
        const auto *tensor = plan->find(name);
        return TensorIOMode(tensor ? tensor->mode : 0);
    }
    DataType getTensorDataType(const char *name) override {
        FAIL(DataType(-1));
        const auto *tensor = plan->find(name);
        return DataType(tensor ? tensor->type : 0);
    }
    Dims getTensorShape(const char *name) override {
        FAIL((Dims{-1, {}}));
        const auto *tensor = plan->find(name);
        return tensor ? dimsOf(tensor->shape) : Dims{-1, {}};
    }
    Dims getProfileShape(const char *name, int32_t profile, OptProfileSelector selector) override {
        FAIL((Dims{-1, {}}));
        const auto *tensor = plan->find(name);
        const size_t end = size_t(profile) * 3 + size_t(selector);
        return tensor && end < tensor->ends.size() ? dimsOf(tensor->ends[end]) : Dims{-1, {}};
    }
    HardwareCompatibilityLevel getHardwareCompatibilityLevel() override {
        FAIL(HardwareCompatibilityLevel(-1));
        return HardwareCompatibilityLevel(1);
    }
    IEngineInspector *createEngineInspector() override {
        FAIL_POINTER(IEngineInspector *);
        return new IEngineInspector(new InspectorImpl);
    }
#if FAMILY == 8 || (FAMILY == 10 && VERSION < 100100)
    size_t getDeviceMemorySize() override { FAIL(size_t(-1)); return 4096; }
#else
    int64_t getDeviceMemorySizeV2() override { FAIL(-1); return 4096; }
#endif
#if FAMILY == 8
    IExecutionContext *createExecutionContext() override {
        FAIL_POINTER(IExecutionContext *);
        return new IExecutionContext(new ContextImpl(plan));
    }
#else
    IExecutionContext *createExecutionContext(ExecutionContextAllocationStrategy strategy) override {
        FAIL_POINTER(IExecutionContext *);
        return int(strategy) == 0 ? new IExecutionContext(new ContextImpl(plan)) : nullptr;
    }
#endif
#if FAMILY == 1
    IRuntimeConfig *createRuntimeConfig() override {
        FAIL_POINTER(IRuntimeConfig *);
        return new IRuntimeConfig(new RuntimeConfigImpl);
    }
    IExecutionContext *createExecutionContextWithRuntimeConfig(IRuntimeConfig *config) override {
        FAIL_POINTER(IExecutionContext *);
        auto context = std::make_unique<ContextImpl>(plan);
        if (IRuntimeCache *const cache = config->implementation->cache) context->kernels = &cache->implementation->kernels;
        return new IExecutionContext(context.release());
    }
#endif
};

} // namespace

struct ICudaEngine : Public<EngineImpl> { using Public::Public; };

namespace {

struct RuntimeImpl : VRuntime {
    bool hostCode = true;

    void setEngineHostCodeAllowed(bool allowed) override { FAIL(); hostCode = allowed; }
    bool getEngineHostCodeAllowed() override { FAIL(true); return hostCode; }
#if FAMILY == 8
    ICudaEngine *deserializeCudaEngine(const void *start, std::size_t size, IPluginFactory *factory) override {
        if (factory) return nullptr;
#else
    ICudaEngine *deserializeCudaEngine(const void *start, std::size_t size) override {
#endif
        FAIL_POINTER(ICudaEngine *);
        if (hostCode) throw std::runtime_error("double: host code is allowed");
        const auto plan = readPlan(std::string(static_cast<const char *>(start), size));
        return plan ? new ICudaEngine(new EngineImpl(plan)) : nullptr;
    }
};

} // namespace

struct IRuntime : Public<RuntimeImpl> { using Public::Public; };

extern "C" {

IRuntime *createInferRuntime_INTERNAL(ILogger *logger, int32_t version) {
    startLogging(logger, version);
    FAIL_POINTER(IRuntime *);
    return new IRuntime(new RuntimeImpl);
}

int32_t getInferLibVersion() { return VERSION; }

int64_t double_live() { return control->live; }
int64_t double_traps() { return control->traps; }
int64_t double_calls() { return control->calls; }
const char *double_journal() { return control->journal.c_str(); }
const char *double_failed() { return control->failed.c_str(); }
void double_set_launch(Launch function) { launch = function; }

/// Makes the call with this number fail, counted from now on; 0 makes none fail.
void double_fail(int64_t at, int32_t how) {
    control->calls = 0;
    control->failAt = at;
    control->failing = Failing(how);
    control->failed.clear();
}

/// Makes the call fail that is the `at`th from now on, and log these words alone.
void double_fail_saying(int64_t at, const char *words) {
    double_fail(at, int32_t(Failing::saying));
    control->words = words;
}

/// Logs as TensorRT would, from another thread or library call.
void double_log(int32_t severity, const char *message) { control->log(severity, message); }

}
