import Foundation
import Glibc
import Testing

@testable import PyTorchReference

/// What becomes of interpreters that aren't what they should be.
@Suite("A Python process")
struct PythonProcessTests {
    private func failure(
        _ script: String, _ change: (inout PythonSurroundings) -> Void = { _ in }
    ) throws -> PyTorchError? {
        let python = try FakePython(script: script)
        var surroundings = python.surroundings
        change(&surroundings)
        let error = #expect(throws: PyTorchError.self) {
            try PythonProcess(python.program, surroundings: surroundings, log: { _ in })
        }
        #expect(error?.python == python.program)
        #expect(error?.description.contains("\n") == false)
        return error
    }

    @Test func `that ends at once is told with its last words`() throws {
        let error = try failure("echo Traceback >&2; echo 'KeyError: 7' >&2; exit 5")
        #expect(error?.code == .died)
        #expect(error?.what == "the process ended with code 5 while starting: KeyError: 7")
    }

    @Test func `that is killed is told, with what may lie behind it`() throws {
        let error = try failure("kill -KILL $$")
        #expect(error?.code == .died)
        #expect(error?.what == "the process was killed (SIGKILL) while starting")
        #expect(error?.mend?.contains("memory") == true)
    }

    @Test func `that says nothing is killed when its time is up`() throws {
        let start = Date()
        let error = try failure("sleep 100") { $0.helloLimit = 0.3 }
        #expect(error?.code == .timedOut)
        #expect(error?.what == "the process gave no answer within 1 s and was killed, while starting")
        #expect(Date().timeIntervalSince(start) < 50)
    }

    @Test func `that reads nothing is killed when its time is up`() throws {
        // The setup fits into the socket, so this one waits for the answer; a batch doesn't.
        let python = try FakePython(script: "sleep 100")
        let child = try ChildProcess(python.program, arguments: [], environment: [:], log: { _ in })
        let exchange = Exchange(child: child, python: python.program, limit: 0.3, task: "embedding")
        let error = #expect(throws: PyTorchError.self) { try exchange.send(1, [UInt8](repeating: 0, count: 64 << 20)) }
        #expect(error?.code == .timedOut)
        #expect(child.record.exit == .killed(signal: SIGKILL))
    }

    @Test func `that is no Python is told`() throws {
        let error = try failure("echo this is no frame at all; sleep 100")
        #expect(error?.code == .failed)
        #expect(error?.what.contains("is no Python that runs this worker") == true)
    }

    @Test func `that announces too much isn't believed`() throws {
        // Kind 101, which is a hello, of 2⁶³ bytes.
        let error = try failure(#"printf 'e\0\0\0\0\0\0\0\0\0\0\200'; sleep 100"#)
        #expect(error?.what.contains("where a text belongs") == true)
    }

    @Test(arguments: [
        #"printf 'e\0\0\0\2\0\0\0\0\0\0\0{]'; sleep 100"#, #"printf 'e\0\0\0\2\0\0\0\0\0\0\0{}'; sleep 100"#,
    ])
    func `whose answer makes no sense is told`(script: String) throws {
        #expect(try failure(script)?.what.contains("makes no sense") == true)
    }

    @Test func `whose frame breaks off has ended`() throws {
        let error = try failure(#"printf 'e\0\0\0\200\0\0\0\0\0\0\0{'; exit 1"#)
        #expect(error?.what == "the process ended with code 1 while starting")
    }
}
