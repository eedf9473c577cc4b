#define _GNU_SOURCE
#include "CPyTorchReference.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

static int set_actions(posix_spawn_file_actions_t *actions, int socket, int errors) {
    const int moves[][2] = {{socket, 0}, {socket, 1}, {errors, 2}};
    for (size_t index = 0; index < sizeof moves / sizeof *moves; index++) {
        const int code = posix_spawn_file_actions_adddup2(actions, moves[index][0], moves[index][1]);
        if (code != 0) return code;
    }
    return posix_spawn_file_actions_addclosefrom_np(actions, 3);
}

// What the host blocks or ignores is no affair of the child's.
static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawnattr_setsigmask(attributes, &none);
    if (code == 0) code = posix_spawnattr_setsigdefault(attributes, &all);
    if (code == 0) code = posix_spawnattr_setpgroup(attributes, 0);
    if (code != 0) return code;
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int spawn(
    const char *program, char *const *arguments, char *const *environment, int socket, int errors, pid_t *child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    code = posix_spawnattr_init(&attributes);
    if (code == 0) {
        code = set_actions(&actions, socket, errors);
        if (code == 0) code = set_attributes(&attributes);
        if (code == 0) code = posix_spawn(child, program, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int pytorch_spawn(
    const char *program, char *const *arguments, char *const *environment, int socket, pid_t *child, int *errors) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    // Where the host has closed its own standard streams, a source may have the number of a target: copies are above them.
    const int input = fcntl(socket, F_DUPFD_CLOEXEC, 3), output = fcntl(ends[1], F_DUPFD_CLOEXEC, 3);
    int code = input < 0 || output < 0 ? errno : 0;
    if (code == 0) code = spawn(program, arguments, environment, input, output, child);
    if (input >= 0) close(input);
    if (output >= 0) close(output);
    close(ends[1]);
    if (code != 0) close(ends[0]);
    *errors = ends[0];
    return code;
}
