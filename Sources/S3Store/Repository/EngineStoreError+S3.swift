internal import EngineStore

extension EngineStoreError {
    /// An error of the S3 client in the store's terms.
    init(_ error: S3Error) {
        let code: Code =
            switch error.code {
            case .invalidSettings: .storeMisconfigured
            case .unreachable, .untrustedServer, .serverFailed, .answerMalformed: .storeUnavailable
            case .credentialsMissing, .credentialsRefused, .clockSkewed, .denied, .bucketMissing, .refused:
                .storeRefused
            case .objectMissing: .planMissing
            case .conditionFailed: .fileAltered
            case .interrupted: .cancelled
            }
        self.init(code, error.what, at: error.location, mend: error.mend)
    }

    /// Does something, and tells what went wrong in the store's terms.
    static func told<Value>(_ body: () throws -> Value) throws(EngineStoreError) -> Value {
        do {
            return try body()
        } catch let error as EngineStoreError {
            throw error
        } catch let error as S3Error {
            throw EngineStoreError(error)
        } catch {
            throw EngineStoreError(.storeUnavailable, String(describing: error), at: "", mend: "")
        }
    }
}
