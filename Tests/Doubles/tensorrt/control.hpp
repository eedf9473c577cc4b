#pragma once
// FAMILY is 8, 10, 11 or 1 (RTX); VERSION is what getInferLibVersion says.
#include <cstddef>
#include <cstdint>

#if FAMILY == 8
struct Dims { int32_t nbDims; int32_t d[8]; };
#else
struct Dims { int32_t nbDims; int64_t d[8]; };
#endif
struct DimsHW : Dims {};
struct Weights { int32_t type; const void *values; int64_t count; };
struct TimingCacheKey { uint8_t data[16]; };
struct TimingCacheValue { uint64_t hash; float milliseconds; };

#include "interfaces.hpp"

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

struct InterfaceInfo { const char *kind; int32_t major; int32_t minor; };

#if FAMILY == 8 || FAMILY == 10
struct ILogger {
    virtual void log(int32_t severity, const char *message) noexcept = 0;
    virtual ~ILogger() = default;
};
#else
struct ILogger {
    virtual int32_t getAPILanguage() const noexcept = 0;
    virtual InterfaceInfo getInterfaceInfo() const noexcept = 0;
    virtual ~ILogger() = default;
    virtual void log(int32_t severity, const char *message) noexcept = 0;
};
#endif

struct IProgressMonitor {
    virtual int32_t getAPILanguage() const noexcept = 0;
    virtual InterfaceInfo getInterfaceInfo() const noexcept = 0;
    virtual ~IProgressMonitor() = default;
    virtual void phaseStart(const char *phase, const char *parent, int32_t steps) noexcept = 0;
    virtual bool stepComplete(const char *phase, int32_t step) noexcept = 0;
    virtual void phaseFinish(const char *phase) noexcept = 0;
};

enum class Failing { refuse, throwing, badPointer, outOfMemory, saying };

/// What tests steer and look at; one for each loaded copy of the library.
struct Control {
    std::mutex mutex;
    std::atomic<int64_t> live{0}, traps{0}, calls{0}, failAt{0};
    std::atomic<Failing> failing{Failing::refuse};
    std::atomic<ILogger *> logger{nullptr};
    std::string journal, failed, words; // words: what `saying` logs

    void log(int32_t severity, const std::string &message) {
        if (ILogger *const target = logger) target->log(severity, message.c_str());
    }

    void note(const std::string &line) {
        const std::lock_guard<std::mutex> lock(mutex);
        journal += line + "\n";
    }

    /// Counts a call; true when it is the one that must be refused.
    bool fails(const char *method) {
        if (++calls != failAt) return false;
        {
            const std::lock_guard<std::mutex> lock(mutex);
            failed = method;
        }
        if (failing == Failing::saying) {
            log(1, words);
            return true;
        }
        log(1, std::string("double: ") + method + " was told to fail");
        if (failing == Failing::outOfMemory) log(1, "double: Error Code 2: OutOfMemory (Requested size was 123 bytes.)");
        if (failing == Failing::throwing) throw std::runtime_error(std::string("double: thrown by ") + method);
        return true;
    }

    template <class Pointer>
    Pointer noPointer() const {
        return failing == Failing::badPointer ? reinterpret_cast<Pointer>(0x228) : nullptr;
    }
};

extern Control *control;

/// The first line of every method: FAIL(value to return when told to fail).
#define FAIL(result) if (control->fails(__func__)) return result
#define FAIL_POINTER(Type) FAIL(control->noPointer<Type>())

/// Counts its living instances.
struct Counted {
    Counted() { ++control->live; }
    Counted(const Counted &) = delete;
    virtual ~Counted() { --control->live; }
};

/// A public object: `{ vtable; implementation }`.
template <class Implementation>
struct Public : private Counted {
    Implementation *implementation;
    explicit Public(Implementation *implementation) : implementation(implementation) {}
    ~Public() override { delete implementation; }
};

struct Tensor {
    std::string name;
    int32_t type;
    std::vector<int64_t> shape;
};

Dims dimsOf(const std::vector<int64_t> &shape);
std::vector<int64_t> shapeOf(const Dims &dims);

struct TensorImpl;
struct ITensor : Public<TensorImpl> { using Public::Public; };
struct TensorImpl : VTensor {
    Tensor tensor;
    explicit TensorImpl(Tensor tensor) : tensor(std::move(tensor)) {}
    const char *getName() override { FAIL_POINTER(const char *); return tensor.name.c_str(); }
    Dims getDimensions() override {
        FAIL((Dims{-1, {}}));
        return dimsOf(tensor.shape);
    }
    DataType getType() override { FAIL(DataType(-1)); return DataType(tensor.type); }
};

/// The network as the parser sees it; both libraries are built with the same definition.
struct NetworkImpl : VNetworkDefinition {
    Control *owner = control; // the builder library's, for the parser library to take
    std::vector<ITensor *> inputs, outputs;
    int32_t layers = 0;
    ~NetworkImpl();
    int32_t getNbLayers() override { FAIL(-1); return layers; }
    int32_t getNbInputs() override { FAIL(-1); return int32_t(inputs.size()); }
    int32_t getNbOutputs() override { FAIL(-1); return int32_t(outputs.size()); }
    ITensor *getInput(int32_t index) override { FAIL_POINTER(ITensor *); return inputs.at(size_t(index)); }
    ITensor *getOutput(int32_t index) override { FAIL_POINTER(ITensor *); return outputs.at(size_t(index)); }
};
struct INetworkDefinition : Public<NetworkImpl> { using Public::Public; };
