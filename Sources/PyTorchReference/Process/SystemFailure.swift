import Glibc

/// What a system call said.
struct SystemFailure: Error, CustomStringConvertible {
    let code: Int32

    var description: String { String(cString: strerror(code)) }
}
