import Glibc

/// Two ends of a socket that no other child inherits.
///
/// A socket and not a pair of pipes: writing to one whose reader is gone can be told not to raise SIGPIPE, which would end a host that
/// doesn't expect it.
struct SocketPair {
    let ours: Int32
    let theirs: Int32

    /// - Throws: `PyTorchError` `failed`, if the process has no more descriptors.
    init() throws(PyTorchError) {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw PyTorchError(
                .failed, "no socket for a Python process: \(SystemFailure(code: errno))",
                mend: "raise the limit of open files: ulimit -n")
        }
        (ours, theirs) = (ends[0], ends[1])
        for end in ends {
            var size = Self.bufferSize
            // A smaller buffer costs time, nothing else.
            setsockopt(end, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout.size(ofValue: size)))
        }
    }

    /// A batch of 32 faces needs few turns.
    private static let bufferSize: Int32 = 1 << 20
}
