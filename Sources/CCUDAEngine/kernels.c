#include "CCUDAEngine.h"

// The kernels' sources, inside the library: a single binary compiles engines anywhere.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define SOURCE(variable) static const char variable[]

SOURCE(barriers_cuh) = {
#embed "../CUDAEngine/Kernels/barriers.cuh"
    , 0};
SOURCE(bulk_cuh) = {
#embed "../CUDAEngine/Kernels/bulk.cuh"
    , 0};
SOURCE(convolution_cu) = {
#embed "../CUDAEngine/Kernels/convolution.cu"
    , 0};
SOURCE(depthwise_cu) = {
#embed "../CUDAEngine/Kernels/depthwise.cu"
    , 0};
SOURCE(elementwise_cu) = {
#embed "../CUDAEngine/Kernels/elementwise.cu"
    , 0};
SOURCE(epilogue_cuh) = {
#embed "../CUDAEngine/Kernels/epilogue.cuh"
    , 0};
SOURCE(exact_convolution_cu) = {
#embed "../CUDAEngine/Kernels/exact_convolution.cu"
    , 0};
SOURCE(fragments_cuh) = {
#embed "../CUDAEngine/Kernels/fragments.cuh"
    , 0};
SOURCE(hopper_convolution_cu) = {
#embed "../CUDAEngine/Kernels/hopper_convolution.cu"
    , 0};
SOURCE(hopper_epilogue_cuh) = {
#embed "../CUDAEngine/Kernels/hopper_epilogue.cuh"
    , 0};
SOURCE(hopper_geometry_cuh) = {
#embed "../CUDAEngine/Kernels/hopper_geometry.cuh"
    , 0};
SOURCE(hopper_operands_cuh) = {
#embed "../CUDAEngine/Kernels/hopper_operands.cuh"
    , 0};
SOURCE(hopper_split_cu) = {
#embed "../CUDAEngine/Kernels/hopper_split.cu"
    , 0};
SOURCE(hopper_tiles_tsv) = {
#embed "../CUDAEngine/Kernels/hopper_tiles.tsv"
    , 0};
SOURCE(launch_cuh) = {
#embed "../CUDAEngine/Kernels/launch.cuh"
    , 0};
SOURCE(numbers_cuh) = {
#embed "../CUDAEngine/Kernels/numbers.cuh"
    , 0};
SOURCE(operands_cuh) = {
#embed "../CUDAEngine/Kernels/operands.cuh"
    , 0};
SOURCE(stem_cu) = {
#embed "../CUDAEngine/Kernels/stem.cu"
    , 0};
SOURCE(wgmma_cuh) = {
#embed "../CUDAEngine/Kernels/wgmma.cuh"
    , 0};

static const cce_source sources[] = {
    {"barriers.cuh", barriers_cuh},
    {"bulk.cuh", bulk_cuh},
    {"convolution.cu", convolution_cu},
    {"depthwise.cu", depthwise_cu},
    {"elementwise.cu", elementwise_cu},
    {"epilogue.cuh", epilogue_cuh},
    {"exact_convolution.cu", exact_convolution_cu},
    {"fragments.cuh", fragments_cuh},
    {"hopper_convolution.cu", hopper_convolution_cu},
    {"hopper_epilogue.cuh", hopper_epilogue_cuh},
    {"hopper_geometry.cuh", hopper_geometry_cuh},
    {"hopper_operands.cuh", hopper_operands_cuh},
    {"hopper_split.cu", hopper_split_cu},
    {"hopper_tiles.tsv", hopper_tiles_tsv},
    {"launch.cuh", launch_cuh},
    {"numbers.cuh", numbers_cuh},
    {"operands.cuh", operands_cuh},
    {"stem.cu", stem_cu},
    {"wgmma.cuh", wgmma_cuh},
};

size_t cce_source_count(void) { return sizeof sources / sizeof *sources; }

cce_source cce_source_at(size_t index) { return sources[index]; }
