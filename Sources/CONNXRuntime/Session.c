#include "Table.h"
#include <stdlib.h>

enum { ARENA_ALLOCATOR = 1, MEMORY_TYPE_DEFAULT = 0 };

static bool append_cuda(
    const cort_api *api, ort_session_options *target, const cort_settings *settings, cort_error *error) {
    ort_cuda_options *cuda = NULL;
    if (!cort_check(api, cort_fn_create_cuda_options(api)(&cuda), error)) return false;
    ort_status *status = cort_fn_update_cuda_options(api)(cuda, settings->keys, settings->values, settings->count);
    bool done = cort_check(api, status, error) && cort_check(api, cort_fn_append_cuda(api)(target, cuda), error);
    cort_fn_release_cuda_options(api)(cuda);
    return done;
}

static bool apply(
    const cort_api *api, ort_session_options *target, const cort_session_options *options, cort_error *error) {
    bool done =
        cort_check(api, cort_fn_set_log_id(api)(target, options->log_id), error)
        && cort_check(api, cort_fn_set_log_severity(api)(target, options->log_severity), error)
        && cort_check(api, cort_fn_set_intra_op_threads(api)(target, options->intra_op_threads), error)
        && cort_check(api, cort_fn_set_inter_op_threads(api)(target, options->inter_op_threads), error)
        && cort_check(api, cort_fn_set_graph_optimization(api)(target, options->graph_optimization), error)
        && cort_check(api, cort_fn_set_execution_mode(api)(target, options->parallel_execution ? 1 : 0), error)
        && cort_check(
            api,
            options->memory_arena ? cort_fn_enable_cpu_arena(api)(target) : cort_fn_disable_cpu_arena(api)(target),
            error)
        && cort_check(
            api,
            options->memory_pattern ? cort_fn_enable_memory_pattern(api)(target)
                                    : cort_fn_disable_memory_pattern(api)(target),
            error);
    for (size_t i = 0; done && i < options->config.count; i++)
        done = cort_check(
            api, cort_fn_add_session_config(api)(target, options->config.keys[i], options->config.values[i]), error);
    if (done && options->use_cuda) done = append_cuda(api, target, &options->cuda, error);
    return done;
}

cort_session *cort_session_create(
    const cort_environment *environment, const void *model, size_t model_size, const cort_session_options *options,
    cort_error *error) {
    const cort_api *api = environment->api;
    cort_session *session = calloc(1, sizeof *session);
    if (!session) {
        cort_fail(error, "out of memory");
        return NULL;
    }
    session->api = api;

    ort_session_options *theirs = NULL;
    bool done = cort_check(api, cort_fn_create_session_options(api)(&theirs), error)
        && apply(api, theirs, options, error)
        && cort_check(
            api,
            cort_fn_create_session_from_array(api)(environment->env, model, model_size, theirs, &session->session),
            error)
        && cort_check(
            api, cort_fn_create_cpu_memory_info(api)(ARENA_ALLOCATOR, MEMORY_TYPE_DEFAULT, &session->host_memory),
            error)
        && cort_side_read(api, session->session, true, &session->inputs, error)
        && cort_side_read(api, session->session, false, &session->outputs, error)
        && (session->default_control = cort_run_control_create(api, &options->run, error));
    if (theirs) cort_fn_release_session_options(api)(theirs);
    if (done) return session;
    cort_session_free(session);
    return NULL;
}

void cort_session_free(cort_session *session) {
    if (!session) return;
    const cort_api *api = session->api;
    cort_run_control_free(session->default_control);
    cort_side_free(api, &session->inputs);
    cort_side_free(api, &session->outputs);
    if (session->host_memory) cort_fn_release_memory_info(api)(session->host_memory);
    if (session->session) cort_fn_release_session(api)(session->session);
    free(session);
}

size_t cort_session_input_count(const cort_session *session) { return session->inputs.count; }

size_t cort_session_output_count(const cort_session *session) { return session->outputs.count; }

const cort_description *cort_session_input(const cort_session *session, size_t index) {
    return index < session->inputs.count ? &session->inputs.descriptions[index] : NULL;
}

const cort_description *cort_session_output(const cort_session *session, size_t index) {
    return index < session->outputs.count ? &session->outputs.descriptions[index] : NULL;
}
