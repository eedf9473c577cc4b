#pragma once
#include "include/CTensorRT.h"

#include <atomic>

// The interfaces that TensorRT calls and we implement. Their vtables are laid out by the compiler: methods stand in the
// order of their declaration, and a virtual destructor takes two slots.

namespace trt {

/// What `getInterfaceInfo` returns: 16 bytes, in registers.
struct InterfaceInfo {
    const char *kind;
    int32_t major;
    int32_t minor;
};

/// Takes messages of either kind of logger to the callback.
struct LogTarget {
    trt_log_function function;
    void *context;
    std::atomic<int32_t> threshold;

    void log(int32_t severity, const char *message) noexcept {
        if (severity <= threshold.load(std::memory_order_relaxed) && message != nullptr) {
            function(context, severity, message);
        }
    }
};

/// The logger of 8.6 and 10: `log` in slot 0.
class PlainLogger {
public:
    explicit PlainLogger(LogTarget &target) : target(target) {}
    virtual void log(int32_t severity, const char *message) noexcept { target.log(severity, message); }
    virtual ~PlainLogger() = default;

private:
    LogTarget &target;
};

/// The logger of 11 and RTX: a versioned interface with `log` in slot 4.
class VersionedLogger {
public:
    explicit VersionedLogger(LogTarget &target) : target(target) {}
    virtual int32_t getAPILanguage() const noexcept { return 0; }
    virtual InterfaceInfo getInterfaceInfo() const noexcept { return {"ILogger", 1, 0}; }
    virtual ~VersionedLogger() = default;
    virtual void log(int32_t severity, const char *message) noexcept { target.log(severity, message); }

private:
    LogTarget &target;
};

/// The progress monitor of 10 and newer.
class ProgressMonitor {
public:
    explicit ProgressMonitor(const trt_monitor_callbacks &callbacks) : callbacks(callbacks) {}
    virtual int32_t getAPILanguage() const noexcept { return 0; }
    virtual InterfaceInfo getInterfaceInfo() const noexcept { return {"IProgressMonitor", 1, 0}; }
    virtual ~ProgressMonitor() = default;
    virtual void phaseStart(const char *phase, const char *parent, int32_t steps) noexcept {
        callbacks.phase_start(callbacks.context, phase == nullptr ? "" : phase, parent, steps);
    }
    virtual bool stepComplete(const char *phase, int32_t step) noexcept {
        return callbacks.step_complete(callbacks.context, phase == nullptr ? "" : phase, step);
    }
    virtual void phaseFinish(const char *phase) noexcept {
        callbacks.phase_finish(callbacks.context, phase == nullptr ? "" : phase);
    }

private:
    trt_monitor_callbacks callbacks;
};

} // namespace trt

struct trt_logger {
    trt::LogTarget target;
    trt::PlainLogger plain{target};
    trt::VersionedLogger versioned{target};

    /// The object that a library of this family understands.
    void *forFamily(trt_family family) {
        const bool isPlain = family == TRT_FAMILY_8 || family == TRT_FAMILY_10;
        return isPlain ? static_cast<void *>(&plain) : static_cast<void *>(&versioned);
    }
};

struct trt_monitor {
    trt::ProgressMonitor monitor;
};
