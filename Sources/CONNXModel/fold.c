#include "CONNXModel.h"

#include <string.h>

void conn_scale_matrix(const void *matrix, size_t rows, size_t columns, const float *row_factors,
                       const float *column_factors, size_t share, float *target) {
    const char *source = matrix;
    for (size_t row = 0; row < rows; row++, source += columns * sizeof(float), target += columns) {
        memcpy(target, source, columns * sizeof(float));
        if (row_factors) {
            const float factor = row_factors[row];
            for (size_t column = 0; column < columns; column++) target[column] *= factor;
        }
        if (column_factors) {
            float *place = target;
            for (size_t group = 0; group < columns / share; group++) {
                const float factor = column_factors[group];
                for (size_t step = 0; step < share; step++) *place++ *= factor;
            }
        }
    }
}

void conn_add_products(const void *matrix, size_t rows, size_t columns, const float *addends, size_t share,
                       double *sums) {
    const char *source = matrix;
    for (size_t row = 0; row < rows; row++) {
        double sum = 0;
        for (size_t group = 0; group < columns / share; group++) {
            const double addend = addends[group];
            for (size_t step = 0; step < share; step++, source += sizeof(float)) {
                float value;
                memcpy(&value, source, sizeof value);
                sum += value * addend;
            }
        }
        sums[row] += sum;
    }
}
