#include "Table.h"
#include <stdlib.h>

struct cort_outputs {
    const cort_api *api;
    size_t count;
    ort_value **values;
    int64_t **shapes;
};

/// Everything one call of `Run` needs, in one allocation.
typedef struct {
    const char **input_names;
    const char **output_names;
    ort_value **inputs;
    ort_value **outputs;
} run_arguments;

size_t cort_element_size(int32_t element_type) {
    switch (element_type) {
        case 2: case 3: case 9: return 1;                     // uint8, int8, bool
        case 17: case 18: case 19: case 20: return 1;         // the 8-bit floats
        case 4: case 5: case 10: case 16: return 2;           // uint16, int16, float16, bfloat16
        case 1: case 6: case 12: return 4;                    // float, int32, uint32
        case 7: case 11: case 13: case 14: return 8;          // int64, double, uint64, complex64
        case 15: return 16;                                   // complex128
        default: return 0;
    }
}

static bool wrap(const cort_session *session, const cort_tensor *tensor, ort_value **value, cort_error *error) {
    static char nothing[64]; // ONNX Runtime wants an address even for a tensor without elements
    void *data = tensor->byte_count ? tensor->data : nothing;
    if (!data) return cort_fail(error, "a tensor with elements has no memory");
    return cort_check(
        session->api,
        cort_fn_create_tensor_with_data(session->api)(
            session->host_memory, data, tensor->byte_count, tensor->shape, tensor->rank, tensor->element_type, value),
        error);
}

static bool prepare(
    const cort_session *session, const cort_binding *inputs, size_t input_count, size_t output_count,
    run_arguments *arguments, cort_error *error) {
    void **memory = calloc(2 * (input_count + output_count) + 1, sizeof(void *));
    if (!memory) return cort_fail(error, "out of memory");
    arguments->input_names = (const char **)memory;
    arguments->output_names = (const char **)(memory + input_count);
    arguments->inputs = (ort_value **)(memory + input_count + output_count);
    arguments->outputs = (ort_value **)(memory + 2 * input_count + output_count);
    for (size_t i = 0; i < input_count; i++) {
        if (inputs[i].index >= session->inputs.count) return cort_fail(error, "no such input");
        arguments->input_names[i] = session->inputs.descriptions[inputs[i].index].name;
        if (!wrap(session, &inputs[i].tensor, &arguments->inputs[i], error)) return false;
    }
    return true;
}

static bool set_output_name(
    const cort_session *session, run_arguments *arguments, size_t position, size_t index, cort_error *error) {
    if (index >= session->outputs.count) return cort_fail(error, "no such output");
    arguments->output_names[position] = session->outputs.descriptions[index].name;
    return true;
}

static bool run(
    const cort_session *session, const cort_run_control *control, run_arguments *arguments, size_t input_count,
    size_t output_count, cort_error *error) {
    if (!control) control = session->default_control;
    return cort_check(
        session->api,
        cort_fn_run(session->api)(
            session->session, control->options, arguments->input_names, (const ort_value *const *)arguments->inputs,
            input_count, arguments->output_names, output_count, arguments->outputs),
        error);
}

static void release(const cort_api *api, ort_value **values, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (values[i]) cort_fn_release_value(api)(values[i]);
}

bool cort_session_run_into(
    const cort_session *session, const cort_run_control *control, const cort_binding *inputs, size_t input_count,
    const cort_binding *outputs, size_t output_count, cort_error *error) {
    run_arguments arguments = {0};
    bool done = prepare(session, inputs, input_count, output_count, &arguments, error);
    for (size_t i = 0; done && i < output_count; i++)
        done = set_output_name(session, &arguments, i, outputs[i].index, error)
            && wrap(session, &outputs[i].tensor, &arguments.outputs[i], error);
    done = done && run(session, control, &arguments, input_count, output_count, error);
    if (arguments.input_names) {
        release(session->api, arguments.inputs, input_count);
        release(session->api, arguments.outputs, output_count);
    }
    free(arguments.input_names);
    return done;
}

cort_outputs *cort_session_run(
    const cort_session *session, const cort_run_control *control, const cort_binding *inputs, size_t input_count,
    const size_t *output_indices, size_t output_count, cort_error *error) {
    run_arguments arguments = {0};
    cort_outputs *result = calloc(1, sizeof *result);
    bool done = result || cort_fail(error, "out of memory");
    if (done) {
        result->api = session->api;
        result->values = calloc(output_count + 1, sizeof *result->values);
        result->shapes = calloc(output_count + 1, sizeof *result->shapes);
        done = (result->values && result->shapes) || cort_fail(error, "out of memory");
        if (done) result->count = output_count;
    }
    done = done && prepare(session, inputs, input_count, output_count, &arguments, error);
    for (size_t i = 0; done && i < output_count; i++)
        done = set_output_name(session, &arguments, i, output_indices[i], error);
    done = done && run(session, control, &arguments, input_count, output_count, error);
    if (arguments.input_names) {
        // Values move to the result even after a failed run, so that none is lost.
        for (size_t i = 0; i < output_count; i++) result->values[i] = arguments.outputs[i];
        release(session->api, arguments.inputs, input_count);
    }
    free(arguments.input_names);
    if (done) return result;
    cort_outputs_free(result);
    return NULL;
}

/// Bytes of a dense tensor, or false when the product doesn't fit.
static bool dense_size(const int64_t *shape, size_t rank, size_t element_size, size_t *bytes) {
    size_t product = element_size;
    for (size_t i = 0; i < rank; i++)
        if (shape[i] < 0 || __builtin_mul_overflow(product, (size_t)shape[i], &product)) return false;
    *bytes = product;
    return true;
}

bool cort_outputs_get(const cort_outputs *outputs, size_t position, cort_tensor *tensor, cort_error *error) {
    if (position >= outputs->count || !outputs->values[position]) return cort_fail(error, "no such output");
    const cort_api *api = outputs->api;
    ort_tensor_info *info = NULL;
    if (!cort_check(api, cort_fn_get_tensor_type_and_shape(api)(outputs->values[position], &info), error)) return false;

    int element_type = 0;
    size_t rank = 0;
    void *data = NULL;
    bool done = cort_check(api, cort_fn_get_element_type(api)(info, &element_type), error)
        && cort_check(api, cort_fn_get_dimension_count(api)(info, &rank), error);
    if (done) {
        free(outputs->shapes[position]);
        outputs->shapes[position] = calloc(rank + 1, sizeof(int64_t));
        done = outputs->shapes[position] || cort_fail(error, "out of memory");
    }
    done = done && cort_check(api, cort_fn_get_dimensions(api)(info, outputs->shapes[position], rank), error);
    cort_fn_release_tensor_info(api)(info);
    if (!done) return false;

    size_t element_size = cort_element_size(element_type);
    if (!element_size) return cort_fail(error, "an output of strings or packed elements can't be read as plain memory");
    if (!cort_check(api, cort_fn_get_tensor_data(api)(outputs->values[position], &data), error)) return false;
    *tensor = (cort_tensor){
        .data = data, .shape = outputs->shapes[position], .rank = rank, .element_type = element_type};
    return dense_size(tensor->shape, rank, element_size, &tensor->byte_count)
        || cort_fail(error, "an output's shape doesn't fit into memory");
}

void cort_outputs_free(cort_outputs *outputs) {
    if (!outputs) return;
    release(outputs->api, outputs->values, outputs->count);
    for (size_t i = 0; i < outputs->count; i++) free(outputs->shapes[i]);
    free(outputs->values);
    free(outputs->shapes);
    free(outputs);
}
