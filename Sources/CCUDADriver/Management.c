#include "CCUDADriver.h"
#include <stdlib.h>
#include <string.h>

typedef struct nvml_device nvml_device;

/// A process as the third form of the query reports it.
typedef struct nvml_process {
    uint32_t pid;
    uint64_t bytes;
    uint32_t gpu_instance;
    uint32_t compute_instance;
} nvml_process;

/// What `nvmlDeviceGetMemoryInfo` fills in, in bytes.
typedef struct nvml_memory {
    uint64_t total;
    uint64_t free;
    uint64_t used;
} nvml_memory;

#define NVML_FUNCTIONS(NVML)                                                                                           \
    NVML(init, nvmlInit_v2, void)                                                                                      \
    NVML(shutdown, nvmlShutdown, void)                                                                                 \
    NVML(driver_version, nvmlSystemGetDriverVersion, char *, uint32_t)                                                 \
    NVML(device, nvmlDeviceGetHandleByPciBusId_v2, const char *, nvml_device **)                                       \
    NVML(processes, nvmlDeviceGetComputeRunningProcesses_v3, nvml_device *, uint32_t *, nvml_process *)                \
    NVML(clock, nvmlDeviceGetClockInfo, nvml_device *, uint32_t, uint32_t *)                                           \
    NVML(max_clock, nvmlDeviceGetMaxClockInfo, nvml_device *, uint32_t, uint32_t *)                                    \
    NVML(memory, nvmlDeviceGetMemoryInfo, nvml_device *, nvml_memory *)

typedef struct nvml_table {
#define NVML_SLOT(slot, exported, ...) int32_t (*slot)(__VA_ARGS__);
    NVML_FUNCTIONS(NVML_SLOT)
#undef NVML_SLOT
} nvml_table;

static const char *const names[] = {
#define NVML_NAME(slot, exported, ...) #exported,
    NVML_FUNCTIONS(NVML_NAME)
#undef NVML_NAME
};

enum { NAME_COUNT = sizeof names / sizeof names[0], INSUFFICIENT_SIZE = 7 };

_Static_assert(sizeof(nvml_table) == NAME_COUNT * sizeof(void *), "one pointer for each symbol");

struct ccu_nvml {
    nvml_table table;
    int started;
};

size_t ccu_nvml_symbol_count(void) {
    return NAME_COUNT;
}

const char *ccu_nvml_symbol_at(size_t index) {
    return names[index < NAME_COUNT ? index : NAME_COUNT - 1];
}

ccu_nvml *ccu_nvml_create(void) {
    return calloc(1, sizeof(ccu_nvml));
}

void ccu_nvml_set(ccu_nvml *nvml, size_t index, void *address) {
    if (index < NAME_COUNT) memcpy((char *)&nvml->table + index * sizeof(void *), &address, sizeof address);
}

int32_t ccu_nvml_start(ccu_nvml *nvml) {
    int32_t result = nvml->table.init ? nvml->table.init() : CCU_MISSING;
    nvml->started = result == 0;
    return result;
}

void ccu_nvml_free(ccu_nvml *nvml) {
    if (nvml && nvml->started && nvml->table.shutdown) nvml->table.shutdown();
    free(nvml);
}

int32_t ccu_nvml_processes(const ccu_nvml *nvml, const char *pci_bus_id, ccu_nvml_process *processes, uint32_t *count) {
    if (!nvml->table.device || !nvml->table.processes) return CCU_MISSING;
    nvml_device *device = NULL;
    int32_t result = nvml->table.device(pci_bus_id, &device);
    if (result != 0) return result;
    // Processes come and go between asking for their number and asking for them: ask with room to spare.
    enum { CAPACITY = 256 };
    nvml_process found[CAPACITY];
    memset(found, 0, sizeof found);
    uint32_t written = CAPACITY;
    result = nvml->table.processes(device, &written, found);
    if (result != 0 && result != INSUFFICIENT_SIZE) return result;
    if (written > CAPACITY) written = CAPACITY;
    if (written < *count) *count = written;
    for (uint32_t i = 0; i < *count; i++) processes[i] = (ccu_nvml_process){found[i].pid, found[i].bytes};
    return 0;
}

int32_t ccu_nvml_driver_version(const ccu_nvml *nvml, char *text, uint32_t capacity) {
    return nvml->table.driver_version ? nvml->table.driver_version(text, capacity) : CCU_MISSING;
}

int32_t ccu_nvml_condition_of(const ccu_nvml *nvml, const char *pci_bus_id, ccu_nvml_condition *condition) {
    const nvml_table *table = &nvml->table;
    if (!table->device || !table->clock || !table->max_clock || !table->memory) return CCU_MISSING;
    nvml_device *device = NULL;
    int32_t result = table->device(pci_bus_id, &device);
    if (result != 0) return result;
    enum { SM_CLOCK = 1, MEMORY_CLOCK = 2 };
    *condition = (ccu_nvml_condition){0};
    // Slices of a GPU have no clocks of their own, and virtual ones may tell nothing: what is unknown stays 0.
    if (table->clock(device, SM_CLOCK, &condition->sm_mhz) != 0) condition->sm_mhz = 0;
    if (table->clock(device, MEMORY_CLOCK, &condition->memory_mhz) != 0) condition->memory_mhz = 0;
    if (table->max_clock(device, SM_CLOCK, &condition->max_sm_mhz) != 0) condition->max_sm_mhz = 0;
    nvml_memory memory = {0};
    if (table->memory(device, &memory) == 0) condition->used_bytes = memory.used;
    return 0;
}
