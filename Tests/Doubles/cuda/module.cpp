#include "state.h"
#include <cstdio>
#include <cstring>

// Modules, functions and launches. Of PTX only `.entry NAME(.param .u64 a, .param .align 64 .b8 b[128])` is read.

static size_t size_of_type(const std::string &type) {
    static const std::map<std::string, size_t> sizes = {
        {"u8", 1}, {"s8", 1}, {"b8", 1}, {"u16", 2}, {"s16", 2}, {"b16", 2}, {"f16", 2}, {"u32", 4}, {"s32", 4},
        {"b32", 4}, {"f32", 4}, {"u64", 8}, {"s64", 8}, {"b64", 8}, {"f64", 8},
    };
    auto found = sizes.find(type);
    return found == sizes.end() ? 0 : found->second;
}

static std::vector<size_t> parse_parameters(const std::string &list) {
    std::vector<size_t> sizes;
    size_t start = list.find(".param");
    while (start != std::string::npos) {
        size_t next = list.find(".param", start + 1);
        std::string one = list.substr(start + 6, next == std::string::npos ? next : next - start - 6);
        size_t bytes = 0;
        for (size_t dot = one.find('.'); dot != std::string::npos; dot = one.find('.', dot + 1)) {
            size_t end = dot + 1;
            while (end < one.size() && isalnum((unsigned char)one[end])) end++;
            if (size_t size = size_of_type(one.substr(dot + 1, end - dot - 1))) bytes = size;
        }
        size_t bracket = one.find('[');
        if (bracket != std::string::npos) bytes *= size_t(atol(one.c_str() + bracket + 1));
        sizes.push_back(bytes);
        start = next;
    }
    return sizes;
}

static bool parse(const std::string &text, Module &module) {
    long depth = 0;
    for (char character : text) depth += character == '{' ? 1 : character == '}' ? -1 : 0;
    if (depth != 0) return false;
    for (size_t at = text.find(".entry"); at != std::string::npos; at = text.find(".entry", at + 1)) {
        size_t open = text.find('(', at), close = text.find(')', at), brace = text.find('{', at);
        if (brace == std::string::npos) return false;
        std::string name = text.substr(at + 6, (open < brace ? open : brace) - at - 6);
        size_t first = name.find_first_not_of(" \t\n"), last = name.find_last_not_of(" \t\n");
        if (first == std::string::npos) return false;
        name = name.substr(first, last - first + 1);
        bool has_list = open < brace && close != std::string::npos && close < brace;
        module.entries[name] = has_list ? parse_parameters(text.substr(open, close - open)) : std::vector<size_t>();
    }
    return !module.entries.empty();
}

FAKE_EXPORT int cuModuleLoadDataEx(void **handle, const void *image, unsigned count, int *options, void **values) {
    ENTER_WITH_CONTEXT(cuModuleLoadDataEx);
    if (is_forbidden_by_capture()) return CAPTURE_UNSUPPORTED;
    char *info = nullptr, *complaint = nullptr;
    size_t info_size = 0, complaint_size = 0;
    for (unsigned i = 0; i < count; i++) {
        if (options[i] == 3) info = static_cast<char *>(values[i]);
        if (options[i] == 4) info_size = size_t(uint32_t(uintptr_t(values[i])));
        if (options[i] == 5) complaint = static_cast<char *>(values[i]);
        if (options[i] == 6) complaint_size = size_t(uint32_t(uintptr_t(values[i])));
    }
    auto module = std::make_unique<Module>();
    module->context = context;
    std::string text = static_cast<const char *>(image);
    module->image = std::make_shared<std::string>(text);
    if (text.find(".version") == std::string::npos || !parse(text, *module)) {
        if (complaint) snprintf(complaint, complaint_size, "ptxas fatal: the double found no entry\n");
        return INVALID_PTX;
    }
    if (info) snprintf(info, info_size, "info: %zu entries\n", module->entries.size());
    context->children++;
    *handle = module.get();
    state().modules[module.get()] = std::move(module);
    return SUCCESS;
}

static Module *find_module(void *handle, int *result) {
    auto found = state().modules.find(handle);
    if (found != state().modules.end()) return found->second.get();
    *result = misuse(INVALID_HANDLE, state().log.back() + " on an unknown module");
    return nullptr;
}

FAKE_EXPORT int cuModuleUnload(void *handle) {
    ENTER_WITH_CONTEXT(cuModuleUnload);
    int result = SUCCESS;
    Module *module = find_module(handle, &result);
    if (!module) return result;
    release_child(module->context);
    state().modules.erase(handle);
    return SUCCESS;
}

FAKE_EXPORT int cuModuleGetFunction(void **handle, void *module_handle, const char *name) {
    ENTER_WITH_CONTEXT(cuModuleGetFunction);
    int result = SUCCESS;
    Module *module = find_module(module_handle, &result);
    if (!module) return result;
    auto entry = module->entries.find(name);
    if (entry == module->entries.end()) return NOT_FOUND;
    module->functions.push_back(std::make_unique<Function>(Function{module, name, entry->second}));
    *handle = module->functions.back().get();
    return SUCCESS;
}

FAKE_EXPORT int cuModuleGetGlobal_v2(uint64_t *, size_t *, void *module_handle, const char *) {
    ENTER_WITH_CONTEXT(cuModuleGetGlobal_v2);
    int result = SUCCESS;
    return find_module(module_handle, &result) ? NOT_FOUND : result;
}

static Function *find_function(void *handle, int *result) {
    for (auto &entry : state().modules) {
        for (auto &function : entry.second->functions) {
            if (function.get() == handle) return function.get();
        }
    }
    *result = misuse(INVALID_HANDLE, state().log.back() + " on an unknown kernel");
    return nullptr;
}

FAKE_EXPORT int cuFuncGetAttribute(int *value, int attribute, void *handle) {
    ENTER_WITH_CONTEXT(cuFuncGetAttribute);
    int result = SUCCESS;
    Function *function = find_function(handle, &result);
    if (!function) return result;
    if (attribute < 0 || attribute > 15) return INVALID_VALUE;
    *value = attribute == 8 ? function->dynamic_shared : attribute == 0 ? 1024 : attribute == 4 ? 16 : 0;
    return SUCCESS;
}

FAKE_EXPORT int cuFuncSetAttribute(void *handle, int attribute, int value) {
    ENTER_WITH_CONTEXT(cuFuncSetAttribute);
    int result = SUCCESS;
    Function *function = find_function(handle, &result);
    if (!function) return result;
    if (attribute == 14) return SUCCESS;
    if (attribute != 8 || value < 0 || value > 232448) return INVALID_VALUE;
    function->dynamic_shared = value;
    return SUCCESS;
}

FAKE_EXPORT int cuFuncGetParamInfo(void *handle, size_t index, size_t *offset, size_t *bytes) {
    ENTER_WITH_CONTEXT(cuFuncGetParamInfo);
    int result = SUCCESS;
    Function *function = find_function(handle, &result);
    if (!function) return result;
    if (index >= function->sizes.size()) return INVALID_VALUE;
    *offset = 0;
    *bytes = function->sizes[index];
    return SUCCESS;
}

FAKE_EXPORT int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, void *handle, int size, size_t shared) {
    ENTER_WITH_CONTEXT(cuOccupancyMaxActiveBlocksPerMultiprocessor);
    int result = SUCCESS;
    Function *function = find_function(handle, &result);
    if (!function) return result;
    if (size <= 0) return INVALID_VALUE;
    *blocks = shared > size_t(function->dynamic_shared) ? 0 : 2048 / size;
    return SUCCESS;
}
