package import EngineStore

/// What time it is. Tests set it wrong on purpose.
package struct S3Clock: Sendable {
    /// This moment.
    package let now: @Sendable () -> UTCTime

    /// The machine's clock, moved by `offset` seconds.
    package init(offset: Int64 = 0) {
        now = { UTCTime(seconds: UTCTime.now.seconds + offset) }
    }

    /// A clock that shows what `now` says.
    package init(now: @escaping @Sendable () -> UTCTime) {
        self.now = now
    }
}
