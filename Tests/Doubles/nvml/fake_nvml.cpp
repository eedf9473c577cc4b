#include <cstdint>
#include <cstdlib>
#include <cstring>

// A double of NVIDIA's management library: two processes hold the first GPU.

#define FAKE_EXPORT extern "C" __attribute__((visibility("default")))

struct Process {
    uint32_t pid;
    uint64_t bytes;
    uint32_t gpu_instance;
    uint32_t compute_instance;
};

static int starts = 0;

FAKE_EXPORT int nvmlInit_v2(void) {
    if (const char *text = getenv("FAKE_NVML_INIT")) return atoi(text);
    starts++;
    return 0;
}

FAKE_EXPORT int nvmlShutdown(void) {
    return --starts < 0 ? 1 : 0;
}

FAKE_EXPORT int fake_nvml_starts(void) {
    return starts;
}

FAKE_EXPORT int nvmlSystemGetDriverVersion(char *text, uint32_t capacity) {
    strncpy(text, "580.65.06", capacity);
    return 0;
}

FAKE_EXPORT int nvmlDeviceGetHandleByPciBusId_v2(const char *bus, void **device) {
    static char first, second;
    if (!strcmp(bus, "0000:1B:00.0")) return *device = &first, 0;
    if (!strcmp(bus, "0000:1C:00.0")) return *device = &second, 0;
    return 6;
}

FAKE_EXPORT int nvmlDeviceGetComputeRunningProcesses_v3(void *device, uint32_t *count, Process *processes) {
    void *first = nullptr;
    nvmlDeviceGetHandleByPciBusId_v2("0000:1B:00.0", &first);
    if (device != first) return 15;
    if (*count < 3) return 7;
    processes[0] = {1, uint64_t(2) << 30, 0, 0};
    processes[1] = {0x7FFFFFF1, uint64_t(5) << 30, 0, 0};
    processes[2] = {0x7FFFFFF2, UINT64_MAX, 0, 0};
    *count = 3;
    return 0;
}

struct Memory {
    uint64_t total, free, used;
};

// The first GPU runs at its clocks; the second one doesn't tell them (3: not supported), as slices of a GPU don't.
static int clock_of(void *device, uint32_t type, uint32_t sm, uint32_t memory, uint32_t *mhz) {
    void *first = nullptr;
    nvmlDeviceGetHandleByPciBusId_v2("0000:1B:00.0", &first);
    if (device != first) return 3;
    *mhz = type == 1 ? sm : memory;
    return 0;
}

FAKE_EXPORT int nvmlDeviceGetClockInfo(void *device, uint32_t type, uint32_t *mhz) {
    return clock_of(device, type, 1755, 2619, mhz);
}

FAKE_EXPORT int nvmlDeviceGetMaxClockInfo(void *device, uint32_t type, uint32_t *mhz) {
    return clock_of(device, type, 1980, 2619, mhz);
}

FAKE_EXPORT int nvmlDeviceGetMemoryInfo(void *, Memory *memory) {
    *memory = {uint64_t(80) << 30, uint64_t(73) << 30, uint64_t(7) << 30};
    return 0;
}
