#include "CONNXModel.h"

#include <string.h>

// Plain arithmetic on bits without branches: compilers make vector instructions of it on every processor.

enum {
    // Accumulators that don't wait for each other.
    lanes = 16
};

static inline uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/// The magnitude of a half from the bits of a float's magnitude.
static inline uint32_t half_magnitude(uint32_t magnitude)
{
    // The exponent's bias drops from 127 to 15, the fraction by 13 bits; a carry into the exponent is right.
    const uint32_t normal = (magnitude - (112u << 23) + 0xfff + (magnitude >> 13 & 1)) >> 13;
    // Below 2^-14 halves are multiples of 2^-24, which is what floats from 0.5 to 1 are.
    const uint32_t subnormal = bits_of(float_of(magnitude) + 0.5f) - bits_of(0.5f);
    uint32_t half = magnitude < 0x38800000 ? subnormal : normal;
    // 65520 is halfway between the largest half and the next power of two, and rounds up.
    half = magnitude >= 0x477ff000 ? 0x7c00 : half;
    return magnitude > 0x7f800000 ? 0x7e00 : half;
}

/// The float of the magnitude of a half below infinity; exact.
static inline float float_of_half(uint32_t half)
{
    return float_of(half << 13) * 0x1p112f;
}

typedef struct {
    uint32_t largest[lanes];
    uint32_t not_finite[lanes];
    uint32_t overflowed[lanes];
    uint32_t flushed[lanes];
    double squares[lanes];
    double lost_squares[lanes];
} counters;

static inline uint16_t convert(uint32_t bits, counters *counters, int lane)
{
    const uint32_t magnitude = bits & 0x7fffffff;
    const uint32_t half = half_magnitude(magnitude);
    const uint32_t finite = magnitude < 0x7f800000;
    const uint32_t kept = half < 0x7c00;
    const uint32_t known = finite ? magnitude : 0;
    const double value = (double)float_of(known);
    const double rounded = (double)float_of_half(kept ? half : 0);
    const double difference = kept ? value - rounded : 0;
    counters->largest[lane] = known > counters->largest[lane] ? known : counters->largest[lane];
    counters->not_finite[lane] += !finite;
    counters->overflowed[lane] += finite & !kept;
    counters->flushed[lane] += (magnitude != 0) & (half == 0);
    counters->squares[lane] += value * value;
    counters->lost_squares[lane] += difference * difference;
    return (uint16_t)(half | (bits >> 16 & 0x8000));
}

static conn_half_loss sum(const counters *counters)
{
    conn_half_loss loss = {0};
    uint32_t largest = 0;
    for (int lane = 0; lane < lanes; lane++) {
        largest = counters->largest[lane] > largest ? counters->largest[lane] : largest;
        loss.not_finite += counters->not_finite[lane];
        loss.overflowed += counters->overflowed[lane];
        loss.flushed += counters->flushed[lane];
        loss.squares += counters->squares[lane];
        loss.lost_squares += counters->lost_squares[lane];
    }
    loss.largest = float_of(largest);
    return loss;
}

conn_half_loss conn_half_from_float(const void *floats, size_t count, uint16_t *halves)
{
    const unsigned char *source = floats;
    counters counters = {0};
    size_t done = 0;
    for (; done + lanes <= count; done += lanes) {
        uint32_t bits[lanes];
        memcpy(bits, source + done * sizeof(float), sizeof bits);
        for (int lane = 0; lane < lanes; lane++) {
            halves[done + lane] = convert(bits[lane], &counters, lane);
        }
    }
    for (; done < count; done++) {
        uint32_t bits;
        memcpy(&bits, source + done * sizeof bits, sizeof bits);
        halves[done] = convert(bits, &counters, 0);
    }
    return sum(&counters);
}
