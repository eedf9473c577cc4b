#include "Table.h"
#include <stdlib.h>
#include <string.h>

/// Copies a name into memory of ours, so that freeing it needs no allocator of ONNX Runtime's.
static bool read_name(
    const cort_api *api, const ort_session *session, bool inputs, size_t index, const char **name, cort_error *error) {
    ort_allocator *allocator = NULL;
    char *theirs = NULL;
    if (!cort_check(api, cort_fn_default_allocator(api)(&allocator), error)) return false;
    ort_status *status = inputs ? cort_fn_session_input_name(api)(session, index, allocator, &theirs)
                                : cort_fn_session_output_name(api)(session, index, allocator, &theirs);
    if (!cort_check(api, status, error)) return false;
    *name = strdup(theirs);
    if (!cort_check(api, cort_fn_allocator_free(api)(allocator, theirs), error)) return false;
    return *name ? true : cort_fail(error, "out of memory");
}

static bool read_shape(
    const cort_api *api, const ort_tensor_info *info, cort_description *description, cort_error *error) {
    int element_type = 0;
    size_t rank = 0;
    if (!cort_check(api, cort_fn_get_element_type(api)(info, &element_type), error)) return false;
    if (!cort_check(api, cort_fn_get_dimension_count(api)(info, &rank), error)) return false;
    description->element_type = element_type;
    if (rank == 0) return true;

    int64_t *dimensions = calloc(rank, sizeof *dimensions);
    const char **symbols = calloc(rank, sizeof *symbols);
    description->dimensions = dimensions;
    description->symbols = symbols;
    if (!dimensions || !symbols) return cort_fail(error, "out of memory");
    description->rank = rank;
    return cort_check(api, cort_fn_get_dimensions(api)(info, dimensions, rank), error)
        && cort_check(api, cort_fn_get_symbolic_dimensions(api)(info, symbols, rank), error);
}

bool cort_side_read(const cort_api *api, const ort_session *session, bool inputs, cort_side *side, cort_error *error) {
    size_t count = 0;
    ort_status *status = inputs ? cort_fn_session_input_count(api)(session, &count)
                                : cort_fn_session_output_count(api)(session, &count);
    if (!cort_check(api, status, error)) return false;
    if (count == 0) return true;
    side->descriptions = calloc(count, sizeof *side->descriptions);
    side->types = calloc(count, sizeof *side->types);
    if (!side->descriptions || !side->types) return cort_fail(error, "out of memory");
    side->count = count;

    for (size_t i = 0; i < count; i++) {
        const ort_tensor_info *info = NULL;
        if (!read_name(api, session, inputs, i, &side->descriptions[i].name, error)) return false;
        // The type stays alive with the session: symbolic dimensions are strings inside it.
        status = inputs ? cort_fn_session_input_type(api)(session, i, &side->types[i])
                        : cort_fn_session_output_type(api)(session, i, &side->types[i]);
        if (!cort_check(api, status, error)) return false;
        if (!cort_check(api, cort_fn_cast_type_to_tensor(api)(side->types[i], &info), error)) return false;
        if (info && !read_shape(api, info, &side->descriptions[i], error)) return false;
    }
    return true;
}

void cort_side_free(const cort_api *api, cort_side *side) {
    for (size_t i = 0; i < side->count; i++) {
        free((void *)side->descriptions[i].name);
        free((void *)side->descriptions[i].dimensions);
        free((void *)side->descriptions[i].symbols);
        if (side->types[i]) cort_fn_release_type_info(api)(side->types[i]);
    }
    free(side->descriptions);
    free(side->types);
    *side = (cort_side){0};
}
