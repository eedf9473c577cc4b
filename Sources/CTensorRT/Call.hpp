#pragma once
#include "Slots.hpp"

#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>

// How a method of an object without a header is called: look its slot up, take its address out of the vtable, pass
// `this` first. Exceptions end in `guarded`.

namespace trt {

/// A failure on its way to `guarded`.
struct Failure : std::runtime_error {
    trt_error_kind kind;
    Failure(trt_error_kind kind, const std::string &message) : std::runtime_error(message), kind(kind) {}
};

inline void record(trt_error *error, trt_error_kind kind, const char *message) noexcept {
    error->kind = kind;
    error->message = strdup(message);
}

/// Runs `body`; whatever it throws becomes `*error` and the result `failed`.
template <class Result, class Body>
Result guarded(trt_error *error, Result failed, Body body) noexcept {
    try {
        return body();
    } catch (const Failure &failure) {
        record(error, failure.kind, failure.what());
    } catch (const std::exception &exception) {
        record(error, TRT_ERROR_EXCEPTION, exception.what());
    } catch (...) {
        record(error, TRT_ERROR_EXCEPTION, "an exception of unknown type");
    }
    return failed;
}

/// Without a driver TensorRT gives small numbers where pointers should be. Nothing is ever mapped at the first page.
template <class Pointer>
Pointer checked(const char *method, Pointer pointer) {
    if (pointer == nullptr) throw Failure(TRT_ERROR_REFUSED, std::string(method) + " gave nothing");
    if (reinterpret_cast<uintptr_t>(pointer) < 0x1000) {
        throw Failure(TRT_ERROR_BAD_POINTER, std::string(method) + " gave an impossible pointer");
    }
    return pointer;
}

inline void require(const char *method, bool done) {
    if (!done) throw Failure(TRT_ERROR_REFUSED, std::string(method) + " failed");
}

/// A public object: its own vtable, which is good for its destructor only, and what does the work.
struct Object {
    void *const *vtable;
    void *implementation;
};

inline int slotOf(const trt_api *api, const Method &method) {
    const int slot = method.slots[api->family];
    if (slot == absent) throw Failure(TRT_ERROR_UNAVAILABLE, std::string(method.name) + " isn't in this version");
    return slot;
}

/// Calls through the vtable of `self` itself.
template <class Result, class... Arguments>
Result callPlain(const trt_api *api, void *self, const Method &method, Arguments... arguments) {
    using Function = Result (*)(void *, Arguments...);
    const auto vtable = *static_cast<void *const *const *>(self);
    return reinterpret_cast<Function>(vtable[slotOf(api, method)])(self, arguments...);
}

/// Calls through the vtable of the object's implementation.
template <class Result, class... Arguments>
Result call(const trt_api *api, trt_object *object, const Method &method, Arguments... arguments) {
    void *implementation = checked(method.name, reinterpret_cast<Object *>(object)->implementation);
    return callPlain<Result>(api, implementation, method, arguments...);
}

/// The two forms of a shape. 8.6 passes its form by value to profiles and by reference to contexts.
struct Dims32 {
    int32_t rank;
    int32_t extent[8];
};
using Dims64 = trt_dims;

inline Dims32 narrowed(const trt_dims &dims) {
    if (dims.rank < 0 || dims.rank > 8) throw Failure(TRT_ERROR_ARGUMENT, "a shape of more than 8 dimensions");
    Dims32 result{dims.rank, {}};
    for (int index = 0; index < dims.rank; ++index) {
        if (dims.extent[index] != static_cast<int32_t>(dims.extent[index])) {
            throw Failure(TRT_ERROR_ARGUMENT, "a dimension that TensorRT 8.6 has no room for");
        }
        result.extent[index] = static_cast<int32_t>(dims.extent[index]);
    }
    return result;
}

inline trt_dims widened(const Dims32 &dims) {
    trt_dims result{dims.rank, {}};
    for (int index = 0; index < 8; ++index) result.extent[index] = dims.extent[index];
    return result;
}

/// A call that returns a shape; a rank outside 0…8 is TensorRT's way to say that it has none.
template <class... Arguments>
bool callForDims(
    const trt_api *api, trt_object *object, const Method &method, trt_dims *dims, Arguments... arguments) {
    const trt_dims found = api->family == TRT_FAMILY_8
        ? widened(call<Dims32>(api, object, method, arguments...))
        : call<Dims64>(api, object, method, arguments...);
    require(method.name, found.rank >= 0 && found.rank <= 8);
    *dims = found;
    return true;
}

} // namespace trt
