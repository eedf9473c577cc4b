#include "Table.h"
#include <stdlib.h>
#include <string.h>

/// What `OrtGetApiBase` points at.
typedef struct {
    const cort_api *(*get_api)(uint32_t version);
    const char *(*get_version)(void);
} ort_api_base;

void cort_error_free(cort_error *error) {
    free(error->message);
    error->message = NULL;
    error->code = 0;
}

bool cort_fail(cort_error *error, const char *message) {
    error->code = -1;
    error->message = strdup(message);
    return false;
}

bool cort_check(const cort_api *api, ort_status *status, cort_error *error) {
    if (!status) return true;
    const char *message = cort_fn_get_error_message(api)(status);
    error->code = cort_fn_get_error_code(api)(status);
    error->message = strdup(message ? message : "no message");
    cort_fn_release_status(api)(status);
    return false;
}

static const ort_api_base *base_of(void *entry) {
    // A data pointer turned into a function pointer, the way dlsym means it.
    const ort_api_base *(*get_base)(void);
    memcpy(&get_base, &entry, sizeof get_base);
    return get_base();
}

const char *cort_version(void *entry) {
    const ort_api_base *base = base_of(entry);
    return base && base->get_version ? base->get_version() : NULL;
}

const cort_api *cort_api_get(void *entry) {
    const ort_api_base *base = base_of(entry);
    return base && base->get_api ? base->get_api(CORT_API_VERSION) : NULL;
}

cort_environment *cort_environment_create(
    const cort_api *api, cort_log_function log, void *context, int32_t severity, const char *log_id,
    cort_error *error) {
    cort_environment *environment = calloc(1, sizeof *environment);
    if (!environment) {
        cort_fail(error, "out of memory");
        return NULL;
    }
    environment->api = api;
    ort_status *status = cort_fn_create_env_with_logger(api)(log, context, severity, log_id, &environment->env);
    if (cort_check(api, status, error)) return environment;
    cort_environment_free(environment);
    return NULL;
}

void cort_environment_free(cort_environment *environment) {
    if (!environment) return;
    if (environment->env) cort_fn_release_env(environment->api)(environment->env);
    free(environment);
}

bool cort_available_providers(
    const cort_api *api, void *context, void (*visit)(void *context, const char *name), cort_error *error) {
    char **names = NULL;
    int count = 0;
    if (!cort_check(api, cort_fn_get_available_providers(api)(&names, &count), error)) return false;
    for (int i = 0; i < count; i++) visit(context, names[i]);
    return cort_check(api, cort_fn_release_available_providers(api)(names, count), error);
}

cort_run_control *cort_run_control_create(const cort_api *api, const cort_settings *settings, cort_error *error) {
    cort_run_control *control = calloc(1, sizeof *control);
    if (!control) {
        cort_fail(error, "out of memory");
        return NULL;
    }
    control->api = api;
    bool done = cort_check(api, cort_fn_create_run_options(api)(&control->options), error);
    for (size_t i = 0; done && i < settings->count; i++)
        done = cort_check(
            api, cort_fn_add_run_config(api)(control->options, settings->keys[i], settings->values[i]), error);
    if (done) return control;
    cort_run_control_free(control);
    return NULL;
}

bool cort_run_control_cancel(cort_run_control *control, cort_error *error) {
    return cort_check(control->api, cort_fn_run_options_set_terminate(control->api)(control->options), error);
}

void cort_run_control_free(cort_run_control *control) {
    if (!control) return;
    if (control->options) cort_fn_release_run_options(control->api)(control->options);
    free(control);
}
