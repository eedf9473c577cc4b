#include "CCUDAEngine.h"
#include "half.h"

void cce_pack_rows(
    const float *weights, size_t outputs, size_t inputs, size_t area, size_t padded_inputs, size_t depth,
    float *packed) {
    for (size_t output = 0; output < outputs; output++) {
        for (size_t input = 0; input < inputs; input++) {
            for (size_t tap = 0; tap < area; tap++) {
                packed[output * depth + tap * padded_inputs + input] = *weights++;
            }
        }
    }
}

void cce_unpack_rows(
    const float *packed, size_t outputs, size_t inputs, size_t area, size_t depth, float *weights) {
    for (size_t output = 0; output < outputs; output++) {
        const float *row = packed + output * depth;
        for (size_t place = 0; place < area * inputs; place++) weights[place * outputs + output] = row[place];
    }
}

void cce_pack_depthwise(const float *weights, size_t channels, size_t area, size_t padded_channels, float *packed) {
    for (size_t channel = 0; channel < channels; channel++) {
        for (size_t tap = 0; tap < area; tap++) packed[tap * padded_channels + channel] = *weights++;
    }
}

/// Where the tensor cores of Hopper expect a number of a 64 × 64 block under the 128-byte swizzle, in numbers.
static size_t place_in_block(size_t row, size_t column) {
    return row * 64 + ((column / 8 ^ row % 8) * 8) + column % 8;
}

void cce_pack_blocks(
    const float *weights, size_t outputs, size_t inputs, size_t area, size_t first_step, float *packed) {
    const size_t groups = outputs / 64;
    for (size_t output = 0; output < outputs; output++) {
        for (size_t input = 0; input < inputs; input++) {
            const size_t inside = place_in_block(output % 64, input % 64);
            for (size_t tap = 0; tap < area; tap++) {
                const size_t step = first_step + input / 64 * area + tap;
                packed[(step * groups + output / 64) * 4096 + inside] = *weights++;
            }
        }
    }
}

void cce_unpack_blocks(
    const float *packed, size_t outputs, size_t inputs, size_t area, size_t first_step, float *weights) {
    for (size_t tap = 0; tap < area; tap++) {
        for (size_t input = 0; input < inputs; input++) {
            const size_t chunk = input >> 6, column = input & 63;
            for (size_t output = 0; output < outputs; output++) {
                const size_t row = output & 63;
                const size_t bytes = ((first_step + chunk * area + tap) * (outputs >> 6) + (output >> 6)) * 8192
                    + row * 128 + (((column >> 3) ^ (row & 7)) << 4) + ((column & 7) << 1);
                *weights++ = packed[bytes / 2];
            }
        }
    }
}

void cce_halves_to_floats(const uint16_t *halves, size_t count, float *floats) {
    for (size_t place = 0; place < count; place++) floats[place] = float_of_half(halves[place]);
}

void cce_floats_to_halves(const float *floats, size_t count, uint16_t *halves) {
    for (size_t place = 0; place < count; place++) halves[place] = half_of(floats[place]);
}
