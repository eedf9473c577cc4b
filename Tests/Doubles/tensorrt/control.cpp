#include "control.hpp"

Dims dimsOf(const std::vector<int64_t> &shape) {
    Dims dims{int32_t(shape.size()), {}};
    for (size_t index = 0; index < shape.size(); ++index) dims.d[index] = decltype(dims.d[0] + 0)(shape[index]);
    return dims;
}

std::vector<int64_t> shapeOf(const Dims &dims) {
    if (dims.nbDims < 0 || dims.nbDims > 8) throw std::runtime_error("double: a shape of impossible rank");
    return std::vector<int64_t>(dims.d, dims.d + dims.nbDims);
}

NetworkImpl::~NetworkImpl() {
    for (ITensor *tensor : inputs) delete tensor;
    for (ITensor *tensor : outputs) delete tensor;
}

[[noreturn]] void trap(const char *interface, int slot, const char *method) {
    ++control->traps;
    throw std::runtime_error(
        std::string("trap: ") + interface + " slot " + std::to_string(slot) + ", " + method + ", isn't in the double");
}
