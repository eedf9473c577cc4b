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

/// Multiplies the rows and columns of a float32 matrix by factors.
///
/// matrix: rows * columns numbers, not aligned. row_factors: one a row, or null. column_factors: one for each `share`
/// neighbouring columns, or null; share divides columns. target: room for the result.
void conn_scale_matrix(const void *_Nonnull matrix, size_t rows, size_t columns, const float *_Nullable row_factors,
                       const float *_Nullable column_factors, size_t share, float *_Nonnull target);

/// Adds the product of a float32 matrix and a vector to sums, one a row.
///
/// matrix: rows * columns numbers, not aligned. addends: one for each `share` neighbouring columns; share divides columns.
void conn_add_products(const void *_Nonnull matrix, size_t rows, size_t columns, const float *_Nonnull addends,
                       size_t share, double *_Nonnull sums);
