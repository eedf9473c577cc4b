#include "Results.hpp"

using namespace trt;

trt_object *trt_builder_create(const trt_api *api, trt_logger *logger, trt_error *error) {
    return root(api, "createInferBuilder", api->create_builder, logger, error);
}

bool trt_builder_set_max_threads(const trt_api *api, trt_object *object, int32_t count, trt_error *error) {
    return success(api, object, builder::setMaxThreads, error, count);
}

trt_object *trt_builder_create_network(const trt_api *api, trt_object *object, trt_error *error) {
    return objectFrom(api, object, builder::createNetworkV2, error, networkFlags[api->family]);
}

trt_object *trt_builder_create_config(const trt_api *api, trt_object *object, trt_error *error) {
    return objectFrom(api, object, builder::createBuilderConfig, error);
}

trt_object *trt_builder_create_profile(const trt_api *api, trt_object *object, trt_error *error) {
    return objectFrom(api, object, builder::createOptimizationProfile, error);
}

trt_object *trt_builder_build(
    const trt_api *api, trt_object *object, trt_object *network, trt_object *config, trt_error *error) {
    return objectFrom(api, object, builder::buildSerializedNetwork, error, network, config);
}

bool trt_profile_set_dimensions(
    const trt_api *api, trt_object *object, const char *input, int32_t selector, const trt_dims *dims,
    trt_error *error) {
    if (api->family != TRT_FAMILY_8) return success(api, object, profile::setDimensions, error, input, selector, dims);
    return guarded(error, false, [&] {
        const bool done = call<bool, const char *, int32_t, Dims32>(
            api, object, profile::setDimensions, input, selector, narrowed(*dims));
        require("setDimensions", done);
        return true;
    });
}

bool trt_profile_is_valid(const trt_api *api, trt_object *object, trt_error *error) {
    return success(api, object, profile::isValid, error);
}

int32_t trt_network_layer_count(const trt_api *api, trt_object *object, trt_error *error) {
    return number(api, object, network::getNbLayers, error);
}

int32_t trt_network_input_count(const trt_api *api, trt_object *object, trt_error *error) {
    return number(api, object, network::getNbInputs, error);
}

int32_t trt_network_output_count(const trt_api *api, trt_object *object, trt_error *error) {
    return number(api, object, network::getNbOutputs, error);
}

trt_object *trt_network_input(const trt_api *api, trt_object *object, int32_t index, trt_error *error) {
    return objectFrom(api, object, network::getInput, error, index);
}

trt_object *trt_network_output(const trt_api *api, trt_object *object, int32_t index, trt_error *error) {
    return objectFrom(api, object, network::getOutput, error, index);
}

const char *trt_tensor_name(const trt_api *api, trt_object *object, trt_error *error) {
    return text(api, object, tensor::getName, error);
}

int32_t trt_tensor_type(const trt_api *api, trt_object *object, trt_error *error) {
    return number(api, object, tensor::getType, error);
}

bool trt_tensor_dims(const trt_api *api, trt_object *object, trt_dims *dims, trt_error *error) {
    return guarded(error, false, [&] { return callForDims(api, object, tensor::getDimensions, dims); });
}

bool trt_config_set_flag(const trt_api *api, trt_object *object, trt_flag flag, trt_error *error) {
    const int32_t value = flags[flag][api->family];
    if (value != absent) return told(api, object, config::setFlag, error, value);
    record(error, TRT_ERROR_UNAVAILABLE, "this builder flag isn't in this version");
    return false;
}

int32_t trt_config_add_profile(const trt_api *api, trt_object *object, trt_object *profile, trt_error *error) {
    return number(api, object, config::addOptimizationProfile, error, profile);
}

bool trt_config_set_profiling_verbosity(const trt_api *api, trt_object *object, int32_t value, trt_error *error) {
    return told(api, object, config::setProfilingVerbosity, error, value);
}

bool trt_config_set_workspace(const trt_api *api, trt_object *object, size_t bytes, trt_error *error) {
    const int32_t workspacePool = 0;
    return told(api, object, config::setMemoryPoolLimit, error, workspacePool, bytes);
}

bool trt_config_set_optimization_level(const trt_api *api, trt_object *object, int32_t level, trt_error *error) {
    return told(api, object, config::setOptimizationLevel, error, level);
}

bool trt_config_set_hardware_compatibility(const trt_api *api, trt_object *object, int32_t level, trt_error *error) {
    return told(api, object, config::setHardwareCompatibility, error, level);
}

bool trt_config_set_monitor(const trt_api *api, trt_object *object, trt_monitor *monitor, trt_error *error) {
    return told(api, object, config::setProgressMonitor, error, &monitor->monitor);
}

bool trt_config_set_compute_capabilities(
    const trt_api *api, trt_object *object, const int32_t *capabilities, int32_t count, trt_error *error) {
    return guarded(error, false, [&] {
        require("setNbComputeCapabilities", call<bool>(api, object, config::setNbComputeCapabilities, count));
        for (int32_t index = 0; index < count; ++index) {
            const int32_t capability = capabilities[index];
            require("setComputeCapability", call<bool>(api, object, config::setComputeCapability, capability, index));
        }
        return true;
    });
}

trt_object *trt_config_create_timing_cache(
    const trt_api *api, trt_object *object, const void *bytes, size_t size, trt_error *error) {
    return objectFrom(api, object, config::createTimingCache, error, bytes, size);
}

bool trt_config_set_timing_cache(const trt_api *api, trt_object *object, trt_object *cache, trt_error *error) {
    const bool ignoreMismatch = false;
    return success(api, object, config::setTimingCache, error, cache, ignoreMismatch);
}

trt_object *trt_timing_cache_serialize(const trt_api *api, trt_object *object, trt_error *error) {
    return objectFrom(api, object, timingCache::serialize, error);
}

// MARK: ONNX parser

trt_object *trt_parser_create(const trt_api *api, trt_object *network, trt_logger *logger, trt_error *error) {
    return guarded<trt_object *>(error, nullptr, [&] {
        if (api->create_parser == nullptr) throw Failure(TRT_ERROR_UNAVAILABLE, "there is no ONNX parser");
        using Create = trt_object *(*)(trt_object *, void *, int32_t);
        const auto create = reinterpret_cast<Create>(api->create_parser);
        void *const target = logger->forFamily(api->family);
        return checked("createNvOnnxParser", create(network, target, parserVersions[api->family]));
    });
}

bool trt_parser_parse(
    const trt_api *api, trt_object *object, const void *model, size_t size, const char *path, trt_error *error) {
    return guarded(error, false, [&] {
        require("parse", callPlain<bool>(api, object, parser::parse, model, size, path));
        return true;
    });
}

bool trt_parser_parse_file(const trt_api *api, trt_object *object, const char *path, trt_error *error) {
    const int32_t warnings = 2;
    return guarded(error, false, [&] {
        require("parseFromFile", callPlain<bool>(api, object, parser::parseFromFile, path, warnings));
        return true;
    });
}

int32_t trt_parser_error_count(const trt_api *api, trt_object *object, trt_error *error) {
    return guarded<int32_t>(error, -1, [&] {
        const auto count = callPlain<int32_t>(api, object, parser::getNbErrors);
        require("getNbErrors", count >= 0);
        return count;
    });
}

bool trt_parser_error_at(
    const trt_api *api, trt_object *object, int32_t index, trt_parser_error *found, trt_error *error) {
    return guarded(error, false, [&] {
        void *const item = checked("getError", callPlain<void *>(api, object, parser::getError, index));
        found->code = callPlain<int32_t>(api, item, parserError::code);
        found->node = callPlain<int32_t>(api, item, parserError::node);
        found->description = callPlain<const char *>(api, item, parserError::desc);
        const bool names = api->family != TRT_FAMILY_8;
        found->node_name = names ? callPlain<const char *>(api, item, parserError::nodeName) : nullptr;
        found->node_operator = names ? callPlain<const char *>(api, item, parserError::nodeOperator) : nullptr;
        return true;
    });
}

void trt_parser_destroy(const trt_api *api, trt_object *object) {
    trt_error ignored{};
    guarded(&ignored, false, [&] {
        callPlain<void>(api, object, parser::deletingDestructor);
        return true;
    });
    trt_error_free(&ignored);
}
