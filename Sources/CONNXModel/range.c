#include "CONNXModel.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum {
    // Accumulators that don't wait for each other.
    lanes = 16
};

typedef struct {
    float minimum[lanes];
    float maximum[lanes];
    uint32_t not_finite[lanes];
} counters;

static inline void count_in(float value, counters *counters, int lane)
{
    const int finite = fabsf(value) <= FLT_MAX;
    const float low = finite ? value : INFINITY;
    const float high = finite ? value : -INFINITY;
    counters->minimum[lane] = low < counters->minimum[lane] ? low : counters->minimum[lane];
    counters->maximum[lane] = high > counters->maximum[lane] ? high : counters->maximum[lane];
    counters->not_finite[lane] += !finite;
}

conn_range conn_range_of_floats(const void *floats, size_t count)
{
    const unsigned char *source = floats;
    counters counters;
    for (int lane = 0; lane < lanes; lane++) {
        counters.minimum[lane] = INFINITY;
        counters.maximum[lane] = -INFINITY;
        counters.not_finite[lane] = 0;
    }
    size_t done = 0;
    for (; done + lanes <= count; done += lanes) {
        float values[lanes];
        memcpy(values, source + done * sizeof(float), sizeof values);
        for (int lane = 0; lane < lanes; lane++) count_in(values[lane], &counters, lane);
    }
    for (; done < count; done++) {
        float value;
        memcpy(&value, source + done * sizeof value, sizeof value);
        count_in(value, &counters, 0);
    }
    conn_range range = {INFINITY, -INFINITY, 0};
    for (int lane = 0; lane < lanes; lane++) {
        range.minimum = counters.minimum[lane] < range.minimum ? counters.minimum[lane] : range.minimum;
        range.maximum = counters.maximum[lane] > range.maximum ? counters.maximum[lane] : range.maximum;
        range.not_finite += counters.not_finite[lane];
    }
    return range;
}
