// Preloaded into a process, counts its calls that change files, and lets one of them fail or kill the process.
//
//   FAILING_FILES_CALL     which call, counted from 1; 0 or absent: none
//   FAILING_FILES_NAME     count only calls of this function
//   FAILING_FILES_ACTION   `kill`: the process dies before the call; `kill-after`: right after it; a path: that file is
//                          deleted before the call; a number: the call fails with that errno
//   FAILING_FILES_COUNT    a file that gets, at exit, the number of calls counted
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>

namespace {

std::atomic<long> calls{0};

long chosen_call() {
    static const long value = [] {
        const char *text = getenv("FAILING_FILES_CALL");
        return text ? atol(text) : 0;
    }();
    return value;
}

const char *action() {
    static const char *const text = getenv("FAILING_FILES_ACTION");
    return text ? text : "kill";
}

bool is_counted(const char *name) {
    static const char *const only = getenv("FAILING_FILES_NAME");
    return !only || strcmp(name, only) == 0;
}

template <typename Result, typename Call>
Result counted(const char *name, Call call) {
    if (!is_counted(name) || ++calls != chosen_call()) return call();
    if (strcmp(action(), "kill") == 0) raise(SIGKILL);
    if (strcmp(action(), "kill-after") == 0) {
        call();
        raise(SIGKILL);
    }
    if (action()[0] == '/') {
        remove(action());
        return call();
    }
    errno = atoi(action());
    return static_cast<Result>(-1);
}

template <typename Function>
Function next(const char *name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

struct Report {
    ~Report() {
        const char *path = getenv("FAILING_FILES_COUNT");
        if (!path) return;
        if (FILE *file = fopen(path, "w")) {
            fprintf(file, "%ld\n", calls.load());
            fclose(file);
        }
    }
} report;

}  // namespace

extern "C" {

int openat(int folder, const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    const mode_t mode = (flags & O_CREAT) ? va_arg(list, mode_t) : 0;
    va_end(list);
    auto real = next<int (*)(int, const char *, int, ...)>("openat");
    if (!(flags & O_CREAT)) return real(folder, path, flags, mode);
    return counted<int>("openat", [&] { return real(folder, path, flags, mode); });
}

ssize_t write(int file, const void *bytes, size_t count) {
    auto real = next<ssize_t (*)(int, const void *, size_t)>("write");
    if (file <= 2) return real(file, bytes, count);
    return counted<ssize_t>("write", [&] { return real(file, bytes, count); });
}

int fsync(int file) {
    return counted<int>("fsync", [&] { return next<int (*)(int)>("fsync")(file); });
}

int ftruncate(int file, off_t size) {
    return counted<int>("ftruncate", [&] { return next<int (*)(int, off_t)>("ftruncate")(file, size); });
}

int renameat(int from, const char *name, int to, const char *other) {
    auto real = next<int (*)(int, const char *, int, const char *)>("renameat");
    return counted<int>("renameat", [&] { return real(from, name, to, other); });
}

int unlinkat(int folder, const char *name, int flags) {
    return counted<int>("unlinkat", [&] { return next<int (*)(int, const char *, int)>("unlinkat")(folder, name, flags); });
}

int flock(int file, int operation) {
    return counted<int>("flock", [&] { return next<int (*)(int, int)>("flock")(file, operation); });
}

int mkdir(const char *path, mode_t mode) {
    return counted<int>("mkdir", [&] { return next<int (*)(const char *, mode_t)>("mkdir")(path, mode); });
}

}
