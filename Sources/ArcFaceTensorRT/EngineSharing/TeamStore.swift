import EngineStore
import Foundation
import S3Store

/// The bucket that a configuration names. The only place that knows that a team's engines are in S3.
enum TeamStore {
    /// Moves the clock that requests are signed with, in seconds, for tests.
    private static let clockVariable = "ARCFACE_TEST_S3_CLOCK_OFFSET"

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - storage: names the bucket.
    ///   - trust: whose engines may be used.
    ///   - environment: where AWS's own settings and credentials are looked for.
    ///   - shouldStop: asked a few times a second; true ends what is under way.
    /// - Returns: nil if no bucket is named.
    /// - Throws: `ArcFaceError` with code `.configuration`.
    static func open(
        _ storage: StorageConfiguration, trust: EngineTrust,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        shouldStop: @escaping @Sendable () -> Bool
    ) throws(ArcFaceError) -> (any EngineTeam)? {
        guard let bucket = storage.bucket else { return nil }
        let aws = AWSEnvironment(environment)
        do {
            let region = try storage.region ?? aws.region() ?? "us-east-1"
            let settings = S3Settings(
                bucket: bucket, endpoint: storage.endpoint, region: region, pathStyle: storage.pathStyle,
                caFile: storage.caFile, verifiesServer: storage.verifyTLS, timeout: storage.timeoutSeconds)
            let clock = S3Clock(offset: environment[clockVariable].flatMap { Int64($0) } ?? 0)
            let client = try S3Client(settings, environment: aws, clock: clock, shouldStop: shouldStop)
            return try S3EngineRepository(
                client, prefix: storage.prefix, trust: trust, leaseSeconds: storage.leaseSeconds)
        } catch let error as S3Error {
            throw ArcFaceError(.configuration, error.what, at: error.location, mend: error.mend)
        } catch let error as EngineStoreError {
            throw ArcFaceError(error)
        } catch {
            throw ArcFaceError(.configuration, String(describing: error), at: "storage.bucket")
        }
    }
}
