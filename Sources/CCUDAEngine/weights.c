#include "CCUDAEngine.h"

#include <math.h>

void cce_scale_outputs(float *weights, size_t outputs, size_t columns, const float *factors) {
    for (size_t output = 0; output < outputs; output++) {
        float *row = weights + output * columns;
        for (size_t column = 0; column < columns; column++) row[column] *= factors[output];
    }
}

void cce_scale_inputs(float *weights, size_t outputs, size_t inputs, size_t area, const float *factors) {
    float *place = weights;
    for (size_t output = 0; output < outputs; output++) {
        for (size_t input = 0; input < inputs; input++) {
            for (size_t step = 0; step < area; step++) *place++ *= factors[input];
        }
    }
}

void cce_masked_sums(
    const float *weights, size_t outputs, size_t inputs, size_t area, const float *addends, const float *mask,
    double *sums) {
    const float *place = weights;
    for (size_t output = 0; output < outputs; output++) {
        double sum = 0;
        for (size_t input = 0; input < inputs; input++) {
            double part = 0;
            for (size_t step = 0; step < area; step++) part += (double)*place++ * mask[step];
            sum += part * addends[input];
        }
        sums[output] += sum;
    }
}

void cce_transpose(const float *matrix, size_t rows, size_t columns, float *target) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) target[column * rows + row] = matrix[row * columns + column];
    }
}

float cce_largest(const float *values, size_t count) {
    float largest = 0;
    for (size_t place = 0; place < count; place++) {
        const float magnitude = fabsf(values[place]);
        if (isnan(magnitude)) return magnitude;
        if (magnitude > largest) largest = magnitude;
    }
    return largest;
}
