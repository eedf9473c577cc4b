#pragma once
#include "Call.hpp"
#include "Callbacks.hpp"

// The few shapes that calls have: each turns what TensorRT returns into our rules for results and errors.

namespace trt {

/// A call that creates an object or lends one.
template <class... Arguments>
trt_object *objectFrom(
    const trt_api *api, trt_object *parent, const Method &method, trt_error *error, Arguments... arguments) {
    return guarded<trt_object *>(error, nullptr, [&] {
        return checked(method.name, call<trt_object *>(api, parent, method, arguments...));
    });
}

/// A call that says whether it worked.
template <class... Arguments>
bool success(
    const trt_api *api, trt_object *object, const Method &method, trt_error *error, Arguments... arguments) {
    return guarded(error, false, [&] {
        require(method.name, call<bool>(api, object, method, arguments...));
        return true;
    });
}

/// A call that can't say whether it worked.
template <class... Arguments>
bool told(
    const trt_api *api, trt_object *object, const Method &method, trt_error *error, Arguments... arguments) {
    return guarded(error, false, [&] {
        call<void>(api, object, method, arguments...);
        return true;
    });
}

/// A call for a count or an enumerator, never negative.
template <class... Arguments>
int32_t number(
    const trt_api *api, trt_object *object, const Method &method, trt_error *error, Arguments... arguments) {
    return guarded<int32_t>(error, -1, [&] {
        const auto result = call<int32_t>(api, object, method, arguments...);
        require(method.name, result >= 0);
        return result;
    });
}

/// A call that lends a string.
template <class... Arguments>
const char *text(
    const trt_api *api, trt_object *object, const Method &method, trt_error *error, Arguments... arguments) {
    return guarded<const char *>(error, nullptr, [&] {
        return checked(method.name, call<const char *>(api, object, method, arguments...));
    });
}

/// `createInferBuilder_INTERNAL` and `createInferRuntime_INTERNAL`: the library's own version always suits it.
inline trt_object *root(const trt_api *api, const char *name, void *factory, trt_logger *logger, trt_error *error) {
    return guarded<trt_object *>(error, nullptr, [&] {
        if (factory == nullptr) throw Failure(TRT_ERROR_UNAVAILABLE, std::string("the library has no ") + name);
        using Create = trt_object *(*)(void *, int32_t);
        return checked(name, reinterpret_cast<Create>(factory)(logger->forFamily(api->family), api->version));
    });
}

} // namespace trt
