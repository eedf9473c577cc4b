#ifndef CPYTORCHREFERENCE_H
#define CPYTORCHREFERENCE_H

#include <sys/types.h>

/// Starts a program in a process group of its own, with the usual signal handling and no descriptors but 0, 1 and 2.
///
/// - `arguments`, `environment`: C strings, closed by NULL.
/// - `socket`: becomes the child's standard input and output; stays open here.
/// - `child`: the child's process number.
/// - `errors`: the end of a pipe that reads the child's standard error; the caller closes it.
///
/// Returns 0, or the number of the error; then nothing is left open.
int pytorch_spawn(
    const char *_Nonnull program, char *_Nullable const *_Nonnull arguments, char *_Nullable const *_Nonnull environment,
    int socket, pid_t *_Nonnull child, int *_Nonnull errors);

#endif
