import Foundation
import Glibc

/// A child process with a socket as its standard input and output, which ends with this object, and with this process.
///
/// A thread of its own starts the child and stays until it has ended: the kernel's parent-death signal follows the thread that started a
/// process. The thread collects what comes from standard error and, at the end, the child, so no zombie is left.
final class ChildProcess: Sendable {
    /// The child's process number, which is also that of its group.
    let identifier: pid_t
    /// Frames to and from the child.
    let channel: FramedChannel
    /// Its last words and how it ended.
    let record: ChildRecord

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: the path of an executable.
    ///   - arguments: what follows the program's name.
    ///   - environment: the child's environment.
    ///   - log: gets each line that it writes to standard error, from another thread.
    /// - Throws: `PyTorchError` `pythonMissing`, if the program can't be started.
    init(
        _ program: String, arguments: [String], environment: [String: String],
        log: @escaping @Sendable (String) -> Void
    ) throws(PyTorchError) {
        let record = ChildRecord(limit: 1 << 16, log: log)
        let ends = try SocketPair()
        let started = DispatchSemaphore(value: 0)
        let outcome = Outcome()
        let thread = Thread {
            let spawned = SpawnedChild.start(program, arguments, environment, socket: ends.theirs)
            close(ends.theirs)
            outcome.value = spawned
            started.signal()
            if case .success(let child) = spawned { child.lookAfter(record) }
        }
        thread.name = "python"
        thread.start()
        started.wait()
        switch outcome.value {
        case .success(let child): identifier = child.identifier
        case .failure(let failure):
            close(ends.ours)
            throw PyTorchError(
                .pythonMissing, "can't be started: \(failure)", python: program, mend: "check pytorch.python")
        }
        channel = FramedChannel(socket: ends.ours, record: record)
        self.record = record
    }

    /// Kills the child and all of its group, and waits until it is collected.
    func kill() {
        if record.exit == nil { Glibc.kill(-identifier, SIGKILL) }
        // A process that the kernel can't end (a hung disk) must not hang this one.
        _ = record.wait(until: Date(timeIntervalSinceNow: 10))
    }

    deinit { kill() }

    /// Carries the outcome from the thread to the initialiser, which waits for it.
    private final class Outcome: @unchecked Sendable {
        var value = Result<SpawnedChild, SystemFailure>.failure(SystemFailure(code: ESRCH))
    }
}
