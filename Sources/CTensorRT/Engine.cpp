#include "Results.hpp"

using namespace trt;

trt_object *trt_runtime_create(const trt_api *api, trt_logger *logger, trt_error *error) {
    return root(api, "createInferRuntime", api->create_runtime, logger, error);
}

bool trt_runtime_forbid_host_code(const trt_api *api, trt_object *object, trt_error *error) {
    return guarded(error, false, [&] {
        call<void>(api, object, runtime::setEngineHostCodeAllowed, false);
        require("setEngineHostCodeAllowed", !call<bool>(api, object, runtime::getEngineHostCodeAllowed));
        return true;
    });
}

trt_object *trt_runtime_deserialize(
    const trt_api *api, trt_object *object, const void *plan, size_t size, trt_error *error) {
    // 8.6 still has an argument for plugin factories, which must be NULL.
    if (api->family != TRT_FAMILY_8) return objectFrom(api, object, runtime::deserializeCudaEngine, error, plan, size);
    void *const noFactory = nullptr;
    return objectFrom(api, object, runtime::deserializeCudaEngine, error, plan, size, noFactory);
}

int32_t trt_engine_layer_count(const trt_api *api, trt_object *object, trt_error *error) {
    return number(api, object, engine::getNbLayers, error);
}

int32_t trt_engine_profile_count(const trt_api *api, trt_object *object, trt_error *error) {
    return number(api, object, engine::getNbOptimizationProfiles, error);
}

int32_t trt_engine_tensor_count(const trt_api *api, trt_object *object, trt_error *error) {
    return number(api, object, engine::getNbIOTensors, error);
}

int64_t trt_engine_device_memory_size(const trt_api *api, trt_object *object, trt_error *error) {
    const Method &method = api->has_memory_size_v2 ? engine::getDeviceMemorySizeV2 : engine::getDeviceMemorySize;
    return guarded<int64_t>(error, -1, [&] {
        const auto size = call<int64_t>(api, object, method);
        require(method.name, size >= 0);
        return size;
    });
}

int32_t trt_engine_hardware_compatibility(const trt_api *api, trt_object *object, trt_error *error) {
    return number(api, object, engine::getHardwareCompatibility, error);
}

const char *trt_engine_tensor_name(const trt_api *api, trt_object *object, int32_t index, trt_error *error) {
    return text(api, object, engine::getIOTensorName, error, index);
}

int32_t trt_engine_tensor_mode(const trt_api *api, trt_object *object, const char *name, trt_error *error) {
    return number(api, object, engine::getTensorIOMode, error, name);
}

int32_t trt_engine_tensor_type(const trt_api *api, trt_object *object, const char *name, trt_error *error) {
    return number(api, object, engine::getTensorDataType, error, name);
}

bool trt_engine_tensor_shape(
    const trt_api *api, trt_object *object, const char *name, trt_dims *dims, trt_error *error) {
    return guarded(error, false, [&] { return callForDims(api, object, engine::getTensorShape, dims, name); });
}

bool trt_engine_profile_shape(
    const trt_api *api, trt_object *object, const char *name, int32_t profile, int32_t selector, trt_dims *dims,
    trt_error *error) {
    return guarded(error, false, [&] {
        return callForDims(api, object, engine::getProfileShape, dims, name, profile, selector);
    });
}

trt_object *trt_engine_create_inspector(const trt_api *api, trt_object *object, trt_error *error) {
    return objectFrom(api, object, engine::createEngineInspector, error);
}

const char *trt_inspector_json(const trt_api *api, trt_object *object, trt_error *error) {
    const int32_t json = 1;
    return text(api, object, inspector::getEngineInformation, error, json);
}

// MARK: Execution

trt_object *trt_engine_create_context(const trt_api *api, trt_object *object, trt_error *error) {
    if (api->family == TRT_FAMILY_8) return objectFrom(api, object, engine::createExecutionContext, error);
    const int32_t staticAllocation = 0;
    return objectFrom(api, object, engine::createExecutionContext, error, staticAllocation);
}

trt_object *trt_engine_create_runtime_config(const trt_api *api, trt_object *object, trt_error *error) {
    return objectFrom(api, object, engine::createRuntimeConfig, error);
}

trt_object *trt_engine_create_context_with(
    const trt_api *api, trt_object *object, trt_object *runtime_config, trt_error *error) {
    return objectFrom(api, object, engine::createContextWithConfig, error, runtime_config);
}

bool trt_runtime_config_specialize_eagerly(const trt_api *api, trt_object *object, trt_error *error) {
    const int32_t eager = 1;
    return told(api, object, runtimeConfig::setSpecializationStrategy, error, eager);
}

bool trt_runtime_config_capture_graphs(const trt_api *api, trt_object *object, trt_error *error) {
    const int32_t wholeGraph = 1;
    return success(api, object, runtimeConfig::setCudaGraphStrategy, error, wholeGraph);
}

trt_object *trt_runtime_config_create_cache(const trt_api *api, trt_object *object, trt_error *error) {
    return objectFrom(api, object, runtimeConfig::createRuntimeCache, error);
}

bool trt_runtime_config_set_cache(const trt_api *api, trt_object *object, trt_object *cache, trt_error *error) {
    return success(api, object, runtimeConfig::setRuntimeCache, error, cache);
}

bool trt_runtime_cache_load(
    const trt_api *api, trt_object *object, const void *bytes, size_t size, trt_error *error) {
    return success(api, object, runtimeCache::deserialize, error, bytes, size);
}

trt_object *trt_runtime_cache_serialize(const trt_api *api, trt_object *object, trt_error *error) {
    return objectFrom(api, object, runtimeCache::serialize, error);
}

bool trt_context_set_profile(
    const trt_api *api, trt_object *object, int32_t profile, void *stream, trt_error *error) {
    return success(api, object, context::setOptimizationProfileAsync, error, profile, stream);
}

bool trt_context_set_input_shape(
    const trt_api *api, trt_object *object, const char *name, const trt_dims *dims, trt_error *error) {
    if (api->family != TRT_FAMILY_8) return success(api, object, context::setInputShape, error, name, dims);
    return guarded(error, false, [&] {
        const Dims32 narrow = narrowed(*dims);
        require("setInputShape", call<bool>(api, object, context::setInputShape, name, &narrow));
        return true;
    });
}

bool trt_context_tensor_shape(
    const trt_api *api, trt_object *object, const char *name, trt_dims *dims, trt_error *error) {
    return guarded(error, false, [&] { return callForDims(api, object, context::getTensorShape, dims, name); });
}

bool trt_context_set_address(
    const trt_api *api, trt_object *object, const char *name, void *address, trt_error *error) {
    return success(api, object, context::setTensorAddress, error, name, address);
}

int32_t trt_context_missing_shapes(const trt_api *api, trt_object *object, trt_error *error) {
    const int32_t room = 0;
    const char **const nowhere = nullptr;
    return number(api, object, context::inferShapes, error, room, nowhere);
}

bool trt_context_enqueue(const trt_api *api, trt_object *object, void *stream, trt_error *error) {
    return success(api, object, context::enqueueV3, error, stream);
}
