#pragma once
#include "control.hpp"

#include <memory>

/// The first line of a plan; another family's or version's is refused.
extern const std::string planHeader;

struct MemoryImpl : VHostMemory {
    std::string bytes;
    explicit MemoryImpl(std::string bytes) : bytes(std::move(bytes)) {}
    void *data() override { FAIL_POINTER(void *); return &bytes[0]; }
    std::size_t size() override { FAIL(std::size_t(-1)); return bytes.size(); }
};
struct IHostMemory : Public<MemoryImpl> { using Public::Public; };

inline IHostMemory *hostMemory(std::string bytes) { return new IHostMemory(new MemoryImpl(std::move(bytes))); }

/// Takes the logger, after making sure that it is one of this family's.
inline void startLogging(ILogger *logger, int32_t version) {
    if (version != VERSION) throw std::runtime_error("double: made for another version");
#if FAMILY != 8 && FAMILY != 10
    const InterfaceInfo info = logger->getInterfaceInfo();
    if (std::string(info.kind) != "ILogger" || info.major != 1 || logger->getAPILanguage() != 0) {
        throw std::runtime_error("double: not a logger");
    }
#endif
    control->logger = logger;
    control->log(3, "double: started");
    control->log(4, "double: started, verbosely");
}
