#include "CCUDAEngine.h"

#include <stdlib.h>

// NVIDIA's runtime compiler without its header: the functions as its public documentation declares them.

typedef struct nvrtc_program nvrtc_program;

struct cce_nvrtc {
    int32_t (*version)(int32_t *major, int32_t *minor);
    const char *(*error_string)(int32_t result);
    int32_t (*create)(
        nvrtc_program **program, const char *source, const char *name, int32_t header_count,
        const char *const *headers, const char *const *names);
    int32_t (*destroy)(nvrtc_program **program);
    int32_t (*compile)(nvrtc_program *program, int32_t option_count, const char *const *options);
    int32_t (*cubin_size)(nvrtc_program *program, size_t *size);
    int32_t (*cubin)(nvrtc_program *program, char *bytes);
    int32_t (*log_size)(nvrtc_program *program, size_t *size);
    int32_t (*log)(nvrtc_program *program, char *text);
};

static const char *const names[] = {
    "nvrtcVersion",      "nvrtcGetErrorString", "nvrtcCreateProgram",       "nvrtcDestroyProgram", "nvrtcCompileProgram",
    "nvrtcGetCUBINSize", "nvrtcGetCUBIN",       "nvrtcGetProgramLogSize", "nvrtcGetProgramLog",
};

enum { FUNCTIONS = sizeof names / sizeof *names };

size_t cce_nvrtc_symbol_count(void) { return FUNCTIONS; }

const char *cce_nvrtc_symbol_at(size_t index) { return names[index]; }

cce_nvrtc *cce_nvrtc_create(void) { return calloc(1, sizeof(cce_nvrtc)); }

void cce_nvrtc_set(cce_nvrtc *nvrtc, size_t index, void *address) { ((void **)nvrtc)[index] = address; }

void cce_nvrtc_free(cce_nvrtc *nvrtc) { free(nvrtc); }

int32_t cce_nvrtc_version(const cce_nvrtc *nvrtc, int32_t *major, int32_t *minor) {
    return nvrtc->version(major, minor);
}

const char *cce_nvrtc_error(const cce_nvrtc *nvrtc, int32_t result) { return nvrtc->error_string(result); }

/// The log, which there is whether the compilation succeeded or not.
static char *log_of(const cce_nvrtc *nvrtc, nvrtc_program *program) {
    size_t size = 0;
    if (nvrtc->log_size(program, &size) != 0 || size == 0) return NULL;
    char *text = calloc(size + 1, 1);
    if (text && nvrtc->log(program, text) != 0) text[0] = 0;
    return text;
}

static int32_t take_cubin(const cce_nvrtc *nvrtc, nvrtc_program *program, cce_compiled *compiled) {
    size_t size = 0;
    const int32_t result = nvrtc->cubin_size(program, &size);
    if (result != 0) return result;
    compiled->cubin = malloc(size ? size : 1);
    if (!compiled->cubin) return CCE_OUT_OF_MEMORY;
    compiled->cubin_size = size;
    return nvrtc->cubin(program, (char *)compiled->cubin);
}

int32_t cce_nvrtc_compile(
    const cce_nvrtc *nvrtc, const char *source, const char *name, size_t header_count, const char *const *headers,
    const char *const *header_names, size_t option_count, const char *const *options, cce_compiled *compiled) {
    *compiled = (cce_compiled){0};
    nvrtc_program *program = NULL;
    int32_t result = nvrtc->create(&program, source, name, (int32_t)header_count, headers, header_names);
    if (result != 0) return result;
    result = nvrtc->compile(program, (int32_t)option_count, options);
    compiled->log = log_of(nvrtc, program);
    if (result == 0) result = take_cubin(nvrtc, program, compiled);
    nvrtc->destroy(&program);
    return result;
}

void cce_compiled_free(cce_compiled *compiled) {
    free(compiled->cubin);
    free(compiled->log);
    *compiled = (cce_compiled){0};
}
