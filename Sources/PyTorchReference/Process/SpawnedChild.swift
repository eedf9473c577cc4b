import CPyTorchReference
import Glibc

/// A child as the thread that started it sees it.
struct SpawnedChild: Sendable {
    let identifier: pid_t
    /// The end of a pipe that reads its standard error.
    private let errors: Int32

    /// How often the child is looked at while it writes nothing, in milliseconds.
    private static let tick: Int32 = 50

    /// Starts a program in a process group of its own, so that Ctrl-C in a terminal reaches this process alone, which ends the child
    /// when its work is done.
    ///
    /// - Parameters:
    ///   - program: the path of an executable.
    ///   - arguments: what follows its name.
    ///   - environment: all of its environment.
    ///   - socket: becomes the child's standard input and output; all else is closed there.
    /// - Returns: the child, or why there is none.
    static func start(
        _ program: String, _ arguments: [String], _ environment: [String: String], socket: Int32
    ) -> Result<SpawnedChild, SystemFailure> {
        var (child, errors): (pid_t, Int32) = (0, -1)
        let code = withCStrings([program] + arguments) { arguments in
            withCStrings(environment.map { "\($0)=\($1)" }) { environment in
                pytorch_spawn(program, arguments, environment, socket, &child, &errors)
            }
        }
        guard code == 0 else { return .failure(SystemFailure(code: code)) }
        return .success(SpawnedChild(identifier: child, errors: errors))
    }

    /// Collects standard error until the child has ended, ends what it started itself, and collects the child.
    func lookAfter(_ record: ChildRecord) {
        var isOpen = true
        while !hasEnded {
            var state = pollfd(fd: isOpen ? errors : -1, events: Int16(POLLIN), revents: 0)
            if poll(&state, 1, Self.tick) > 0 { isOpen = read(into: record) }
        }
        kill(-identifier, SIGKILL)
        _ = fcntl(errors, F_SETFL, O_NONBLOCK)
        while isOpen { isOpen = read(into: record) }
        close(errors)
        var status: Int32 = 0
        var result = waitpid(identifier, &status, 0)
        while result == -1, errno == EINTR { result = waitpid(identifier, &status, 0) }
        record.end(result == identifier ? ProcessEnd(waitStatus: status) : .unknown)
    }

    /// True once the child has ended; it stays a zombie, and its number its own, until it is collected.
    private var hasEnded: Bool {
        var information = siginfo_t()
        let result = waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT)
        if result == 0 { return information.si_signo == SIGCHLD }
        // A host that ignores SIGCHLD leaves nothing to wait for.
        return errno != EINTR
    }

    /// Reads what is there; false when there is no more.
    private func read(into record: ChildRecord) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 1 << 14, alignment: 1) { buffer in
            let count = Glibc.read(errors, buffer.baseAddress, buffer.count)
            if count > 0 { record.append(buffer.prefix(count)) }
            return count > 0 || (count == -1 && errno == EINTR)
        }
    }
}

/// Calls `body` with a C array of C strings that ends with nil.
private func withCStrings<Value>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
) -> Value {
    let pointers = texts.map { strdup($0) }
    defer { pointers.forEach { free($0) } }
    return (pointers + [nil]).withUnsafeBufferPointer { buffer in
        withExtendedLifetime(pointers) { buffer.baseAddress.map(body) } ?? body([nil])
    }
}
