import Foundation
import Glibc
import Synchronization
import Testing

@testable import PyTorchReference

@Suite("A child process")
struct ChildProcessTests {
    private func child(_ script: String, log: @escaping @Sendable (String) -> Void = { _ in }) throws -> ChildProcess {
        try ChildProcess("/bin/sh", arguments: ["-c", script], environment: ["A": "b"], log: log)
    }

    private func waitedFor(_ child: ChildProcess) -> ProcessEnd? {
        _ = child.record.wait(until: Date(timeIntervalSinceNow: 20))
        return child.record.exit
    }

    /// True if there is a process of that number, a zombie too.
    private func exists(_ identifier: pid_t) -> Bool { Glibc.kill(identifier, 0) == 0 }

    @Test func `is collected when it ends, with its status`() throws {
        #expect(waitedFor(try child("exit 3")) == .exited(3))
        #expect(waitedFor(try child("kill -SEGV $$")) == .killed(signal: SIGSEGV))
        let process = try child("exit 0")
        #expect(waitedFor(process) == .exited(0))
        #expect(!exists(process.identifier))
    }

    @Test func `is killed with its object, and what it started too`() throws {
        var process: ChildProcess? = try child("sleep 100 & echo $! >&2; wait")
        let identifier = try #require(process?.identifier)
        var grandchild: pid_t?
        let deadline = Date(timeIntervalSinceNow: 20)
        while grandchild == nil, Date() < deadline {
            grandchild = process?.record.lastWords.flatMap { pid_t($0) }
            usleep(1000)
        }
        let started = try #require(grandchild)
        #expect(exists(identifier) && exists(started))
        process = nil
        #expect(!exists(identifier))
        // The grandchild is collected by init, which may take a moment; a zombie counts as ended.
        let state = { (try? String(contentsOfFile: "/proc/\(started)/stat", encoding: .utf8)) ?? "() Z" }
        while !state().contains(") Z"), Date() < deadline { usleep(1000) }
        #expect(state().contains(") Z"))
    }

    @Test func `has a process group of its own, the given environment and no other descriptors`() throws {
        let process = try child("ps -o pgid= -p $$ >&2; echo $A >&2; ls /proc/$$/fd | tr '\\n' ' ' >&2")
        _ = waitedFor(process)
        let lines = process.record.tail.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines == ["\(process.identifier)", "b", "0 1 2"])
    }

    @Test func `keeps the end of what it writes, and logs each line once`() throws {
        let lines = Mutex<[String]>([])
        let process = try child(
            "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done >&2; printf last >&2",
            log: { line in lines.withLock { $0.append(line) } })
        #expect(waitedFor(process) == .exited(0))
        #expect(process.record.lastWords == "last")
        #expect(process.record.tail.utf8.count == 1 << 16)
        #expect(lines.withLock { $0 } == (0..<20000).map { "line \($0)" })
    }

    @Test func `that closes its standard error is still looked after`() throws {
        #expect(waitedFor(try child("exec 2>&-; sleep 0.2; exit 4")) == .exited(4))
    }

    @Test func `that can't be started is an error with the system's words`() {
        let error = #expect(throws: PyTorchError.self) {
            try ChildProcess("/nowhere/python", arguments: [], environment: [:], log: { _ in })
        }
        #expect(error?.code == .pythonMissing)
        #expect(
            error?.description
                == "/nowhere/python: can't be started: No such file or directory (check pytorch.python)")
    }

    @Test func `leaves no descriptors behind`() throws {
        let count = { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        // Other tests run beside this one, so only a leak of one for each child would show.
        let before = try count()
        for _ in 0..<50 {
            _ = try? ChildProcess("/nowhere/python", arguments: [], environment: [:], log: { _ in })
            try child("exit 0").kill()
        }
        #expect(try count() < before + 40)
    }
}
