/// How often a request is tried, and how long to wait in between: twice as long each time, less a random part of it, so that
/// clients that failed together don't come back together.
package struct RetryPolicy: Sendable {
    /// How often at most, the first time included.
    package var attempts: Int
    /// The longest first wait, in milliseconds.
    package var base: Int
    /// The longest of all waits, in milliseconds.
    package var cap: Int

    /// Makes a policy.
    package init(attempts: Int = 5, base: Int = 100, cap: Int = 10_000) {
        self.attempts = attempts
        self.base = base
        self.cap = cap
    }

    /// The longest wait after so many failures, in milliseconds.
    package func ceiling(afterFailures failures: Int) -> Int {
        min(cap, base << min(max(failures - 1, 0), 20))
    }

    /// The wait after so many failures, in milliseconds; a server that asks for longer gets it, up to the cap.
    package func pause(
        afterFailures failures: Int, retryAfter: Int?, using random: inout some RandomNumberGenerator
    ) -> Int {
        let jittered = Int.random(in: 0...ceiling(afterFailures: failures), using: &random)
        return max(jittered, min(cap, max(0, retryAfter ?? 0) * 1000))
    }

    /// Does something as often as it takes, if each failure is a passing one.
    func run<Value>(
        _ body: () async throws(S3Error) -> Value
    ) async throws(S3Error) -> Value {
        var random = SystemRandomNumberGenerator()
        var failures = 0
        while true {
            do throws(S3Error) {
                return try await body()
            } catch {
                failures += 1
                guard error.isTransient, failures < attempts else { throw error.after(attempts: failures) }
                let wait = pause(afterFailures: failures, retryAfter: error.retryAfter, using: &random)
                do {
                    try await Task.sleep(for: .milliseconds(wait))
                } catch {
                    throw S3Error(.interrupted, "stopped while waiting to try again", at: "")
                }
            }
        }
    }
}

extension S3Error {
    /// The same, saying how often it was tried.
    func after(attempts: Int) -> S3Error {
        guard attempts > 1 else { return self }
        return S3Error(
            code, "\(what), tried \(attempts) times", at: location, mend: mend, isTransient: isTransient,
            retryAfter: retryAfter)
    }
}
