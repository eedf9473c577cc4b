#pragma once

#include <stddef.h>
#include <stdint.h>

// Loops over a model's weights, which run over hundreds of megabytes.

/// What float32 numbers lost when they became float16.
typedef struct {
    /// The largest finite magnitude among them.
    float largest;
    /// Numbers that are infinite or no number already; they stay so.
    size_t not_finite;
    /// Finite numbers too large for float16: they became infinite.
    size_t overflowed;
    /// Numbers other than zero that became zero.
    size_t flushed;
    /// Sum of the squares of all finite numbers.
    double squares;
    /// Sum of the squares of the differences, over finite numbers that stayed finite.
    double lost_squares;
} conn_half_loss;

/// Rounds float32 to float16, to nearest, ties to even.
///
/// floats: count little-endian numbers, not aligned. halves: room for count numbers of 16 bits.
conn_half_loss conn_half_from_float(const void *_Nonnull floats, size_t count, uint16_t *_Nonnull halves);

/// The range of float32 numbers.
typedef struct {
    /// Of the finite ones; +infinity and -infinity if there are none.
    float minimum;
    float maximum;
    /// Numbers that are infinite or no number.
    size_t not_finite;
} conn_range;

/// Finds the range of count float32 numbers; they need not be aligned.
conn_range conn_range_of_floats(const void *_Nonnull floats, size_t count);

/// Takes whole blocks of 64 bytes into a state of SHA-256.
///
/// state: eight words, a to h. bytes: 64 * blocks of them, not aligned. plain: do without the processor's SHA instructions,
/// which a test compares with.
void conn_sha256_compress(uint32_t *_Nonnull state, const void *_Nonnull bytes, size_t blocks, int plain);
