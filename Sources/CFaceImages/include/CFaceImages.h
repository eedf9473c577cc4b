#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Pixel loops over 8-bit, three-channel, row-major images. No function allocates, keeps a pointer, or fails for
/// want of anything but sane arguments.

/// A borrowed image: `height` rows of `width` BGR pixels, row starts `row_bytes` apart.
typedef struct {
    const uint8_t *_Nonnull pixels;
    int32_t width;
    int32_t height;
    ptrdiff_t row_bytes;
} FIImage;

/// Samples `image` bilinearly at the source point of each pixel of a `side`×`side` BGR square, written densely
/// (`side * side * 3` bytes) to `out`. Pixels outside the image are black. `inverse` is the row-major 2×3 matrix
/// from output pixel centres to image pixel centres. Results are rounded to nearest, ties to even, and are the same
/// bit for bit on every instruction set.
///
/// Returns false, and writes nothing, if a corner of the square maps to a point that is not finite or lies beyond
/// 2^29 pixels.
bool fi_warp_square(FIImage image, const double *_Nonnull inverse, int32_t side, uint8_t *_Nonnull out);

/// `fi_warp_square` without vector instructions, whatever the machine has.
bool fi_warp_square_portable(FIImage image, const double *_Nonnull inverse, int32_t side, uint8_t *_Nonnull out);

/// True if `fi_warp_square` uses AVX2 here.
bool fi_warp_is_vectorised(void);

/// Scratch floats that `fi_downscale_area` needs for a source of `source_width` pixels.
size_t fi_downscale_scratch(int32_t source_width);

/// Shrinks `image` to `width`×`height` (1 ≤ width ≤ image.width, the same for height): each output pixel is the mean
/// of the source area that it covers, parts of pixels counted by their share.
void fi_downscale_area(
    FIImage image, uint8_t *_Nonnull out, int32_t width, int32_t height, ptrdiff_t out_row_bytes,
    float *_Nonnull scratch);

/// Writes `image` to `out` turned upright, for an EXIF orientation of 1…8 (any other value copies). The output is
/// width×height for 1…4 and height×width for 5…8.
void fi_orient(FIImage image, int32_t orientation, uint8_t *_Nonnull out, ptrdiff_t out_row_bytes);

/// Exchanges the first and third byte of `count` three-byte pixels in place.
void fi_swap_red_blue(uint8_t *_Nonnull pixels, size_t count);

/// Turns `count` CMYK pixels into BGR. `inverted`: the samples count absence of ink (255 = none), as Adobe writes them.
void fi_cmyk_to_bgr(const uint8_t *_Nonnull cmyk, size_t count, bool inverted, uint8_t *_Nonnull bgr);

/// Zeroes what lies right of `width` pixels in the first `height` rows and all of the rows from there to `padded_height`.
void fi_clear_padding(
    uint8_t *_Nonnull pixels, int32_t width, int32_t height, ptrdiff_t row_bytes, int32_t padded_height);
