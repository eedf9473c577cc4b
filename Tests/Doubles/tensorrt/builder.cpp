// The builder's double: notes the settings, writes a plan that is text.
#include "library.hpp"

#include <sstream>
#include <thread>

namespace {

struct ProfileImpl : VOptimizationProfile {
    struct Range { std::string input; std::vector<int64_t> ends[3]; };
    std::vector<Range> ranges;

#if FAMILY == 8
    bool setDimensions(const char *input, OptProfileSelector selector, Dims dims) override {
#else
    bool setDimensions(const char *input, OptProfileSelector selector, const Dims &dims) override {
#endif
        FAIL(false);
        if (ranges.empty() || ranges.back().input != input) ranges.push_back({input, {}});
        ranges.back().ends[int(selector)] = shapeOf(dims);
        return true;
    }

    bool isValid() override {
        FAIL(false);
        for (const Range &range : ranges) {
            for (const auto &end : range.ends) if (end.empty()) return false;
        }
        return !ranges.empty();
    }
};

} // namespace

struct IOptimizationProfile : Public<ProfileImpl> { using Public::Public; };

namespace {

struct CacheImpl : VTimingCache {
    std::string bytes;
    explicit CacheImpl(std::string bytes) : bytes(std::move(bytes)) {}
    IHostMemory *serialize() override { FAIL_POINTER(IHostMemory *); return hostMemory(bytes); }
};

const std::string cachePrefix = "timings " + std::to_string(VERSION) + "\n";

} // namespace

struct ITimingCache : Public<CacheImpl> { using Public::Public; };

namespace {

struct ConfigImpl : VBuilderConfig {
    std::vector<const IOptimizationProfile *> profiles;
    const ITimingCache *cache = nullptr;
    IProgressMonitor *monitor = nullptr;

    void note(const std::string &name, int64_t value) { control->note(name + " " + std::to_string(value)); }

    void setFlag(BuilderFlag flag) override { FAIL(); note("flag", int(flag)); }
    int32_t addOptimizationProfile(const IOptimizationProfile *profile) override {
        FAIL(-1);
        profiles.push_back(profile);
        return int32_t(profiles.size()) - 1;
    }
    void setProfilingVerbosity(ProfilingVerbosity value) override { FAIL(); note("verbosity", int(value)); }
    void setMemoryPoolLimit(MemoryPoolType pool, std::size_t bytes) override {
        FAIL();
        note("pool " + std::to_string(int(pool)), int64_t(bytes));
    }
    void setBuilderOptimizationLevel(int32_t level) override { FAIL(); note("level", level); }
    void setHardwareCompatibilityLevel(HardwareCompatibilityLevel level) override { FAIL(); note("hardware", int(level)); }
    ITimingCache *createTimingCache(const void *bytes, std::size_t size) override {
        FAIL_POINTER(ITimingCache *);
        return new ITimingCache(new CacheImpl(std::string(static_cast<const char *>(bytes), size)));
    }
    bool setTimingCache(const ITimingCache &other, bool ignoreMismatch) override {
        FAIL(false);
        const std::string &bytes = other.implementation->bytes;
        if (ignoreMismatch || (!bytes.empty() && bytes.compare(0, cachePrefix.size(), cachePrefix) != 0)) {
            control->log(2, "double: the timing cache is from another version");
            return false;
        }
        cache = &other;
        return true;
    }
#if FAMILY != 8
    void setProgressMonitor(IProgressMonitor *value) override {
        FAIL();
        const InterfaceInfo info = value->getInterfaceInfo();
        if (std::string(info.kind) != "IProgressMonitor" || info.major != 1 || value->getAPILanguage() != 0) {
            throw std::runtime_error("double: not a progress monitor");
        }
        monitor = value;
    }
#endif
#if FAMILY == 1
    bool setNbComputeCapabilities(int32_t count) override { FAIL(false); note("capabilities", count); return true; }
    bool setComputeCapability(ComputeCapability capability, int32_t index) override {
        FAIL(false);
        note("capability " + std::to_string(index), int(capability));
        if (int(capability) == 90) control->log(1, "double: no compute capability 90");
        return int(capability) != 90;
    }
#endif
};

} // namespace

struct IBuilderConfig : Public<ConfigImpl> { using Public::Public; };

namespace {

void write(std::ostream &stream, const std::vector<int64_t> &shape) {
    stream << " " << shape.size();
    for (const int64_t extent : shape) stream << " " << extent;
}

std::string planOf(NetworkImpl &network, const ConfigImpl &config) {
    std::ostringstream plan;
    plan << planHeader << "\n" << config.profiles.size() << "\n" << network.inputs.size() + network.outputs.size() << "\n";
    for (const auto *list : {&network.inputs, &network.outputs}) {
        for (const ITensor *item : *list) {
            const Tensor &tensor = item->implementation->tensor;
            plan << (list == &network.inputs ? 1 : 2) << " " << tensor.name << " " << tensor.type;
            write(plan, tensor.shape);
            for (const auto *profile : config.profiles) {
                for (const auto &range : profile->implementation->ranges) {
                    if (range.input == tensor.name) for (const auto &end : range.ends) write(plan, end);
                }
            }
            plan << "\n";
        }
    }
    return plan.str();
}

struct BuilderImpl : VBuilder {
    std::vector<IOptimizationProfile *> profiles;
    ~BuilderImpl() { for (IOptimizationProfile *profile : profiles) delete profile; }

    IBuilderConfig *createBuilderConfig() override {
        FAIL_POINTER(IBuilderConfig *);
        return new IBuilderConfig(new ConfigImpl);
    }
    INetworkDefinition *createNetworkV2(NetworkDefinitionCreationFlags flags) override {
        FAIL_POINTER(INetworkDefinition *);
        control->note("network " + std::to_string(flags));
        return new INetworkDefinition(new NetworkImpl);
    }
    IOptimizationProfile *createOptimizationProfile() override {
        FAIL_POINTER(IOptimizationProfile *);
        profiles.push_back(new IOptimizationProfile(new ProfileImpl));
        return profiles.back();
    }
    bool setMaxThreads(int32_t count) override { FAIL(false); control->note("threads " + std::to_string(count)); return true; }

    IHostMemory *buildSerializedNetwork(INetworkDefinition &network, IBuilderConfig &config) override {
        FAIL_POINTER(IHostMemory *);
        ConfigImpl &settings = *config.implementation;
        std::thread([] { control->log(2, "double: a warning from a worker thread"); }).join();
        if (settings.monitor && !tell(*settings.monitor)) return nullptr;
        if (settings.cache) settings.cache->implementation->bytes += cachePrefix;
        return hostMemory(planOf(*network.implementation, settings));
    }

private:
    static bool tell(IProgressMonitor &monitor) {
        bool going = true;
        monitor.phaseStart("Building", nullptr, 2);
        monitor.phaseStart("Timing", "Building", 3);
        for (int step = 0; going && step < 3; ++step) going = monitor.stepComplete("Timing", step);
        monitor.phaseFinish("Timing");
        for (int step = 0; going && step < 2; ++step) going = monitor.stepComplete("Building", step);
        monitor.phaseFinish("Building");
        return going;
    }
};

} // namespace

struct IBuilder : Public<BuilderImpl> { using Public::Public; };

#ifndef RUN_ONLY
extern "C" IBuilder *createInferBuilder_INTERNAL(ILogger *logger, int32_t version) {
    startLogging(logger, version);
    FAIL_POINTER(IBuilder *);
    return new IBuilder(new BuilderImpl);
}
#endif
