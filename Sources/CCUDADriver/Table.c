#include "Functions.h"
#include <stdlib.h>
#include <string.h>

static const ccu_symbol symbols[] = {
#define CCU_SYMBOL(slot, exported, name, version, ...) {#exported, #name, version},
    CCU_FUNCTIONS(CCU_SYMBOL)
#undef CCU_SYMBOL
};

enum { SYMBOL_COUNT = sizeof symbols / sizeof symbols[0] };

_Static_assert(sizeof(struct ccu_driver) == SYMBOL_COUNT * sizeof(void *), "one pointer for each symbol");

ccu_driver *ccu_driver_create(void) {
    return calloc(1, sizeof(ccu_driver));
}

void ccu_driver_free(ccu_driver *driver) {
    free(driver);
}

size_t ccu_symbol_count(void) {
    return SYMBOL_COUNT;
}

ccu_symbol ccu_symbol_at(size_t index) {
    return symbols[index < SYMBOL_COUNT ? index : SYMBOL_COUNT - 1];
}

void ccu_driver_set(ccu_driver *driver, size_t index, void *address) {
    // A data pointer kept as a function pointer, the way dlsym means it.
    if (index < SYMBOL_COUNT) memcpy((char *)driver + index * sizeof(void *), &address, sizeof address);
}

void *ccu_proc_address(void *entry, int32_t second_form, const char *name, int32_t version) {
    void *found = NULL;
    int32_t result;
    if (second_form) {
        int32_t status = 0;
        int32_t (*ask)(const char *, void **, int32_t, uint64_t, int32_t *);
        memcpy(&ask, &entry, sizeof ask);
        result = ask(name, &found, version, 0, &status);
    } else {
        int32_t (*ask)(const char *, void **, int32_t, uint64_t);
        memcpy(&ask, &entry, sizeof ask);
        result = ask(name, &found, version, 0);
    }
    return result == 0 ? found : NULL;
}
