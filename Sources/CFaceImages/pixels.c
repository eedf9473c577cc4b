#include "CFaceImages.h"

#include <string.h>

void fi_swap_red_blue(uint8_t *pixels, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t first = pixels[i * 3];
        pixels[i * 3] = pixels[i * 3 + 2];
        pixels[i * 3 + 2] = first;
    }
}

void fi_cmyk_to_bgr(const uint8_t *cmyk, size_t count, bool inverted, uint8_t *bgr) {
    const uint8_t flip = inverted ? 0 : 255;
    for (size_t i = 0; i < count; i++) {
        const uint32_t cyan = cmyk[i * 4] ^ flip, magenta = cmyk[i * 4 + 1] ^ flip, yellow = cmyk[i * 4 + 2] ^ flip;
        const uint32_t light = cmyk[i * 4 + 3] ^ flip;
        // ⌈k (1 + c) / 256⌉, the integer approximation of k c / 255 that OpenCV's reader gives.
        bgr[i * 3] = (uint8_t)((light * (1 + yellow) + 255) >> 8);
        bgr[i * 3 + 1] = (uint8_t)((light * (1 + magenta) + 255) >> 8);
        bgr[i * 3 + 2] = (uint8_t)((light * (1 + cyan) + 255) >> 8);
    }
}

void fi_clear_padding(uint8_t *pixels, int32_t width, int32_t height, ptrdiff_t row_bytes, int32_t padded_height) {
    const ptrdiff_t used = (ptrdiff_t)width * 3;
    if (used < row_bytes) {
        for (int32_t y = 0; y < height; y++) memset(pixels + y * row_bytes + used, 0, (size_t)(row_bytes - used));
    }
    memset(pixels + height * row_bytes, 0, (size_t)((padded_height - height) * row_bytes));
}
