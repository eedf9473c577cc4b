#include "CFaceImages.h"

enum { tile = 32 };

static inline int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }

void fi_orient(FIImage image, int32_t orientation, uint8_t *out, ptrdiff_t out_row_bytes) {
    const ptrdiff_t right = 3, down = image.row_bytes;
    const ptrdiff_t last_x = (ptrdiff_t)(image.width - 1) * 3, last_y = (ptrdiff_t)(image.height - 1) * down;

    // Upright pixel (x, y) is the byte at origin + x · along + y · across of the stored image.
    ptrdiff_t origin = 0, along = right, across = down;
    switch (orientation) {
    case 2: origin = last_x; along = -right; break;
    case 3: origin = last_x + last_y; along = -right; across = -down; break;
    case 4: origin = last_y; across = -down; break;
    case 5: along = down; across = right; break;
    case 6: origin = last_y; along = -down; across = right; break;
    case 7: origin = last_x + last_y; along = -down; across = -right; break;
    case 8: origin = last_x; along = down; across = -right; break;
    default: break;
    }
    const bool turned = orientation >= 5 && orientation <= 8;
    const int32_t width = turned ? image.height : image.width, height = turned ? image.width : image.height;

    // Tiles, because a transposed walk touches a new row of the stored image with every pixel.
    for (int32_t tile_y = 0; tile_y < height; tile_y += tile) {
        for (int32_t tile_x = 0; tile_x < width; tile_x += tile) {
            const int32_t end_y = smaller(tile_y + tile, height), end_x = smaller(tile_x + tile, width);
            for (int32_t y = tile_y; y < end_y; y++) {
                const uint8_t *source = image.pixels + origin + y * across + tile_x * along;
                uint8_t *target = out + y * out_row_bytes + (ptrdiff_t)tile_x * 3;
                for (int32_t x = tile_x; x < end_x; x++, source += along, target += 3) {
                    target[0] = source[0];
                    target[1] = source[1];
                    target[2] = source[2];
                }
            }
        }
    }
}
