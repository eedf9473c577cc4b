// A double of NVIDIA's runtime compiler: what it "compiles" is a module's text as the double of the driver takes it, with the
// macros in a comment, so that every variant of a kernel is another module.
#include <atomic>
#include <cstring>
#include <mutex>
#include <string>

#define EXPORT extern "C" __attribute__((visibility("default")))

struct Program {
    std::string name, code, log;
};

static std::atomic<long> compiled{0};
static std::mutex guard;
static std::string refused;

EXPORT int nvrtcVersion(int *major, int *minor) {
    *major = 13, *minor = 0;
    return 0;
}

EXPORT const char *nvrtcGetErrorString(int result) { return result == 6 ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR"; }

EXPORT int nvrtcCreateProgram(
    Program **program, const char *, const char *name, int, const char *const *, const char *const *) {
    *program = new Program{std::string(name, strcspn(name, ".")), "", ""};
    return 0;
}

EXPORT int nvrtcDestroyProgram(Program **program) {
    delete *program;
    *program = nullptr;
    return 0;
}

EXPORT int nvrtcCompileProgram(Program *program, int count, const char *const *options) {
    compiled++;
    std::string macros;
    for (int i = 0; i < count; i++) {
        if (strncmp(options[i], "-D", 2) == 0) macros += std::string(" ") + (options[i] + 2);
    }
    {
        std::lock_guard<std::mutex> hold(guard);
        if (!refused.empty() && (program->name + macros + " ").find(refused) != std::string::npos) {
            program->log = "error: the double was told to refuse this";
            return 6;
        }
    }
    const bool has_maps = program->name.rfind("hopper", 0) == 0;
    program->code = "// " + program->name + macros + "\n.version 8.0\n.target sm_90a\n.visible .entry " + program->name +
                    "(.param .align " + (has_maps ? "64 .b8 a[576]" : "8 .b8 a[72]") + ") { ret; }";
    return 0;
}

EXPORT int nvrtcGetCUBINSize(Program *program, size_t *size) {
    *size = program->code.size();
    return 0;
}

EXPORT int nvrtcGetCUBIN(Program *program, char *bytes) {
    memcpy(bytes, program->code.data(), program->code.size());
    return 0;
}

EXPORT int nvrtcGetProgramLogSize(Program *program, size_t *size) {
    *size = program->log.size() + 1;
    return 0;
}

EXPORT int nvrtcGetProgramLog(Program *program, char *text) {
    memcpy(text, program->log.c_str(), program->log.size() + 1);
    return 0;
}

/// How many programs were compiled so far.
EXPORT long fake_nvrtc_compiled(void) { return compiled; }

/// Refuses programs whose name and macros (`NAME A=1 B=2 `) hold the text; nothing if it is empty.
EXPORT void fake_nvrtc_refuse(const char *text) {
    std::lock_guard<std::mutex> hold(guard);
    refused = text;
}
