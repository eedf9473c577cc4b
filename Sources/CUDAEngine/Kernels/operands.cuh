// What every kernel of the portable family is given, and the numbers both families share.
#pragma once

typedef unsigned char uint8;
typedef unsigned short uint16;
typedef unsigned int uint32;
typedef unsigned long long uint64;

/// The only argument of a portable kernel; CONTRACT.md has the offsets. A field that a variant has no use for is null.
struct Operands {
    const void* input;
    const void* weights;
    const float* bias;
    const float* slope;
    const void* residual;
    void* output;
    float* workspace;
    uint32* counters;
    int images;
    int reserved;
};
static_assert(sizeof(Operands) == 72, "the host writes 72 bytes");

/// Bits of the macro EPILOGUE.
constexpr int PRELU = 1;
constexpr int RESIDUAL = 2;
constexpr int BORDER = 4;
constexpr int FLOAT32_OUTPUT = 8;

constexpr bool has_prelu = (EPILOGUE & PRELU) != 0;
constexpr bool has_residual = (EPILOGUE & RESIDUAL) != 0;
constexpr bool has_border = (EPILOGUE & BORDER) != 0;
constexpr bool has_float32_output = (EPILOGUE & FLOAT32_OUTPUT) != 0;

__host__ __device__ constexpr int divide_up(int a, int b) { return (a + b - 1) / b; }
__host__ __device__ constexpr int round_up(int a, int b) { return divide_up(a, b) * b; }
__host__ __device__ constexpr int larger(int a, int b) { return a > b ? a : b; }
__host__ __device__ constexpr int smaller(int a, int b) { return a < b ? a : b; }
