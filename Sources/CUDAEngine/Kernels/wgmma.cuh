// Products by warpgroups (sm_90a): sum[64][N] += a[64][16] · b[N][16], both operands in shared memory, N = 8 · OCTETS.
//
// An instruction names every register of its sum, so its text depends on N: the lists below grow by eight columns (four
// registers of each thread) a line, and the macro OCTETS picks one. Registers 0–2 are the operands and the predicate.
#pragma once
#include "operands.cuh"

static_assert(OCTETS >= 1 && OCTETS <= 32, "N is 8…256");

#define REGISTERS_1 "%3, %4, %5, %6"
#define REGISTERS_2 REGISTERS_1 ", %7, %8, %9, %10"
#define REGISTERS_3 REGISTERS_2 ", %11, %12, %13, %14"
#define REGISTERS_4 REGISTERS_3 ", %15, %16, %17, %18"
#define REGISTERS_5 REGISTERS_4 ", %19, %20, %21, %22"
#define REGISTERS_6 REGISTERS_5 ", %23, %24, %25, %26"
#define REGISTERS_7 REGISTERS_6 ", %27, %28, %29, %30"
#define REGISTERS_8 REGISTERS_7 ", %31, %32, %33, %34"
#define REGISTERS_9 REGISTERS_8 ", %35, %36, %37, %38"
#define REGISTERS_10 REGISTERS_9 ", %39, %40, %41, %42"
#define REGISTERS_11 REGISTERS_10 ", %43, %44, %45, %46"
#define REGISTERS_12 REGISTERS_11 ", %47, %48, %49, %50"
#define REGISTERS_13 REGISTERS_12 ", %51, %52, %53, %54"
#define REGISTERS_14 REGISTERS_13 ", %55, %56, %57, %58"
#define REGISTERS_15 REGISTERS_14 ", %59, %60, %61, %62"
#define REGISTERS_16 REGISTERS_15 ", %63, %64, %65, %66"
#define REGISTERS_17 REGISTERS_16 ", %67, %68, %69, %70"
#define REGISTERS_18 REGISTERS_17 ", %71, %72, %73, %74"
#define REGISTERS_19 REGISTERS_18 ", %75, %76, %77, %78"
#define REGISTERS_20 REGISTERS_19 ", %79, %80, %81, %82"
#define REGISTERS_21 REGISTERS_20 ", %83, %84, %85, %86"
#define REGISTERS_22 REGISTERS_21 ", %87, %88, %89, %90"
#define REGISTERS_23 REGISTERS_22 ", %91, %92, %93, %94"
#define REGISTERS_24 REGISTERS_23 ", %95, %96, %97, %98"
#define REGISTERS_25 REGISTERS_24 ", %99, %100, %101, %102"
#define REGISTERS_26 REGISTERS_25 ", %103, %104, %105, %106"
#define REGISTERS_27 REGISTERS_26 ", %107, %108, %109, %110"
#define REGISTERS_28 REGISTERS_27 ", %111, %112, %113, %114"
#define REGISTERS_29 REGISTERS_28 ", %115, %116, %117, %118"
#define REGISTERS_30 REGISTERS_29 ", %119, %120, %121, %122"
#define REGISTERS_31 REGISTERS_30 ", %123, %124, %125, %126"
#define REGISTERS_32 REGISTERS_31 ", %127, %128, %129, %130"

#define FOUR_SUMS(sum, i) "+f"(sum[i]), "+f"(sum[i + 1]), "+f"(sum[i + 2]), "+f"(sum[i + 3])
#define SUMS_1(sum) FOUR_SUMS(sum, 0)
#define SUMS_2(sum) SUMS_1(sum), FOUR_SUMS(sum, 4)
#define SUMS_3(sum) SUMS_2(sum), FOUR_SUMS(sum, 8)
#define SUMS_4(sum) SUMS_3(sum), FOUR_SUMS(sum, 12)
#define SUMS_5(sum) SUMS_4(sum), FOUR_SUMS(sum, 16)
#define SUMS_6(sum) SUMS_5(sum), FOUR_SUMS(sum, 20)
#define SUMS_7(sum) SUMS_6(sum), FOUR_SUMS(sum, 24)
#define SUMS_8(sum) SUMS_7(sum), FOUR_SUMS(sum, 28)
#define SUMS_9(sum) SUMS_8(sum), FOUR_SUMS(sum, 32)
#define SUMS_10(sum) SUMS_9(sum), FOUR_SUMS(sum, 36)
#define SUMS_11(sum) SUMS_10(sum), FOUR_SUMS(sum, 40)
#define SUMS_12(sum) SUMS_11(sum), FOUR_SUMS(sum, 44)
#define SUMS_13(sum) SUMS_12(sum), FOUR_SUMS(sum, 48)
#define SUMS_14(sum) SUMS_13(sum), FOUR_SUMS(sum, 52)
#define SUMS_15(sum) SUMS_14(sum), FOUR_SUMS(sum, 56)
#define SUMS_16(sum) SUMS_15(sum), FOUR_SUMS(sum, 60)
#define SUMS_17(sum) SUMS_16(sum), FOUR_SUMS(sum, 64)
#define SUMS_18(sum) SUMS_17(sum), FOUR_SUMS(sum, 68)
#define SUMS_19(sum) SUMS_18(sum), FOUR_SUMS(sum, 72)
#define SUMS_20(sum) SUMS_19(sum), FOUR_SUMS(sum, 76)
#define SUMS_21(sum) SUMS_20(sum), FOUR_SUMS(sum, 80)
#define SUMS_22(sum) SUMS_21(sum), FOUR_SUMS(sum, 84)
#define SUMS_23(sum) SUMS_22(sum), FOUR_SUMS(sum, 88)
#define SUMS_24(sum) SUMS_23(sum), FOUR_SUMS(sum, 92)
#define SUMS_25(sum) SUMS_24(sum), FOUR_SUMS(sum, 96)
#define SUMS_26(sum) SUMS_25(sum), FOUR_SUMS(sum, 100)
#define SUMS_27(sum) SUMS_26(sum), FOUR_SUMS(sum, 104)
#define SUMS_28(sum) SUMS_27(sum), FOUR_SUMS(sum, 108)
#define SUMS_29(sum) SUMS_28(sum), FOUR_SUMS(sum, 112)
#define SUMS_30(sum) SUMS_29(sum), FOUR_SUMS(sum, 116)
#define SUMS_31(sum) SUMS_30(sum), FOUR_SUMS(sum, 120)
#define SUMS_32(sum) SUMS_31(sum), FOUR_SUMS(sum, 124)

#define SHAPE_1 "m64n8k16"
#define SHAPE_2 "m64n16k16"
#define SHAPE_3 "m64n24k16"
#define SHAPE_4 "m64n32k16"
#define SHAPE_5 "m64n40k16"
#define SHAPE_6 "m64n48k16"
#define SHAPE_7 "m64n56k16"
#define SHAPE_8 "m64n64k16"
#define SHAPE_9 "m64n72k16"
#define SHAPE_10 "m64n80k16"
#define SHAPE_11 "m64n88k16"
#define SHAPE_12 "m64n96k16"
#define SHAPE_13 "m64n104k16"
#define SHAPE_14 "m64n112k16"
#define SHAPE_15 "m64n120k16"
#define SHAPE_16 "m64n128k16"
#define SHAPE_17 "m64n136k16"
#define SHAPE_18 "m64n144k16"
#define SHAPE_19 "m64n152k16"
#define SHAPE_20 "m64n160k16"
#define SHAPE_21 "m64n168k16"
#define SHAPE_22 "m64n176k16"
#define SHAPE_23 "m64n184k16"
#define SHAPE_24 "m64n192k16"
#define SHAPE_25 "m64n200k16"
#define SHAPE_26 "m64n208k16"
#define SHAPE_27 "m64n216k16"
#define SHAPE_28 "m64n224k16"
#define SHAPE_29 "m64n232k16"
#define SHAPE_30 "m64n240k16"
#define SHAPE_31 "m64n248k16"
#define SHAPE_32 "m64n256k16"

#define JOIN(name, octets) name##octets
#define REGISTERS(octets) JOIN(REGISTERS_, octets)
#define SUMS(octets, sum) JOIN(SUMS_, octets)(sum)
#define SHAPE(octets) JOIN(SHAPE_, octets)

/// Describes rows of 128 bytes (64 float16 of depth) in shared memory under the 128-byte swizzle, eight rows an atom.
///
/// The swizzle follows from the address itself, so adding rows · 8 moves a window by whole rows, and adding 2 moves it
/// by 16 of the depth (the unit is 16 bytes). `address` may be any row of a buffer aligned to 1024 bytes.
__device__ __forceinline__ uint64 describe_rows(uint32 address) {
    constexpr uint64 swizzle_128 = 1ull << 62;
    constexpr uint64 bytes_between_atoms = static_cast<uint64>(1024 / 16) << 32;
    constexpr uint64 unused_leading_offset = 1ull << 16;
    return swizzle_128 | bytes_between_atoms | unused_leading_offset | (address >> 4 & 0x3FFF);
}

/// Queues one product; `accumulate` false overwrites the sum.
__device__ __forceinline__ void multiply_rows(float (&sum)[4 * OCTETS], uint64 a, uint64 b, bool accumulate) {
    uint32 keep = accumulate;
    asm volatile("{\n"
                 ".reg .pred keep;\n"
                 "setp.ne.b32 keep, %2, 0;\n"
                 "wgmma.mma_async.sync.aligned." SHAPE(OCTETS) ".f32.f16.f16 {" REGISTERS(OCTETS) "}, %0, %1, keep, 1, "
                 "1, 0, 0;\n"
                 "}"
                 : "+l"(a), "+l"(b), "+r"(keep), SUMS(OCTETS, sum));
}

/// Orders what this warpgroup did to its sums' registers before the products that follow.
__device__ __forceinline__ void begin_products() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }

__device__ __forceinline__ void commit_products() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }

/// Returns when all but the newest `pending` groups of products are done.
template <int pending>
__device__ __forceinline__ void wait_for_products() {
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(pending) : "memory");
}
