internal import Glibc

/// A write beyond the process's file-size limit raises SIGXFSZ, which kills a process that didn't ask for it. An
/// exhausted limit is an error of the write, not a reason to die.
enum FileSizeSignal {
    /// Makes a call with the signal held back in this thread, and takes away what the call raised.
    ///
    /// - Returns: the call's result, and the system's error number right after it.
    static func withheld(_ call: () -> Int) -> (result: Int, errorNumber: Int32) {
        var signals = sigset_t()
        var before = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGXFSZ)
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        let result = call()
        let number = errno
        if result < 0 && number == EFBIG {
            var none = timespec()
            sigtimedwait(&signals, nil, &none)
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        return (result, number)
    }
}
