import Testing

@testable import S3Store

@Suite struct RetryPolicyTests {
    private static let passing = S3Error(.serverFailed, "down", at: "x", isTransient: true)

    @Test func waitsDoubleUpToTheCap() {
        let policy = RetryPolicy(attempts: 9, base: 100, cap: 1000)
        #expect((1...6).map { policy.ceiling(afterFailures: $0) } == [100, 200, 400, 800, 1000, 1000])
        #expect(policy.ceiling(afterFailures: 1_000) == 1000)
    }

    @Test func waitsAreSpreadOverTheWholeRange() {
        let policy = RetryPolicy(attempts: 9, base: 1000, cap: 1000)
        var random = SystemRandomNumberGenerator()
        let waits = (0..<500).map { _ in policy.pause(afterFailures: 1, retryAfter: nil, using: &random) }
        #expect(waits.allSatisfy { (0...1000).contains($0) })
        #expect((waits.min() ?? 1000) < 100)
        #expect((waits.max() ?? 0) > 900)
    }

    @Test func aServerMayAskForLongerWithinTheCap() {
        let policy = RetryPolicy(attempts: 9, base: 1, cap: 5000)
        var random = SystemRandomNumberGenerator()
        #expect(policy.pause(afterFailures: 1, retryAfter: 3, using: &random) == 3000)
        #expect(policy.pause(afterFailures: 1, retryAfter: 3600, using: &random) == 5000)
    }

    @Test func passingFailuresAreTriedAgain() async throws {
        var calls = 0
        let value = try await RetryPolicy(attempts: 3, base: 1, cap: 1).run { () async throws(S3Error) in
            calls += 1
            guard calls == 3 else { throw Self.passing }
            return calls
        }
        #expect(value == 3)
    }

    @Test func theLastErrorSaysHowOften() async {
        let error = await #expect(throws: S3Error.self) {
            try await RetryPolicy(attempts: 3, base: 1, cap: 1).run { () async throws(S3Error) -> Int in
                throw Self.passing
            }
        }
        #expect(error?.description == "x: down, tried 3 times")
    }

    @Test func otherFailuresAreNot() async {
        var calls = 0
        await #expect(throws: S3Error.self) {
            try await RetryPolicy(attempts: 3, base: 1, cap: 1).run { () async throws(S3Error) -> Int in
                calls += 1
                throw S3Error(.denied, "no", at: "x")
            }
        }
        #expect(calls == 1)
    }
}
