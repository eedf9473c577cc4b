internal import Synchronization

/// Failures that came up where no error can be thrown, above all while something was being freed. Only the first few are
/// kept: after a broken context every release fails the same way.
final class UnthrownErrors: Sendable {
    private static let limit = 16
    private let errors = Mutex<[CUDAError]>([])

    var all: [CUDAError] { errors.withLock { $0 } }

    func add(_ error: CUDAError) {
        errors.withLock { if $0.count < Self.limit { $0.append(error) } }
    }
}
