import Digests
import EngineStore
import Testing

@testable import S3Store

@Suite struct BucketKeyTests {
    private static let digest = String(repeating: "ab", count: 32)

    @Test(arguments: ["json", "plan", "lock"])
    func ourKeysAreReadBack(_ ending: String) throws {
        let text = "arcface_r100-fp16-sm86/\(Self.digest).\(ending)"
        #expect(BucketKey(text)?.text == text)
    }

    @Test func theCUDAEnginesNameIsToldFromTensorRTs() throws {
        let key = try #require(BucketKey("r-fp16-sm90.cuda/\(Self.digest).json"))
        guard case .manifest(let name, _) = key else {
            Issue.record("not a manifest")
            return
        }
        #expect(name.target == .cuda(sm: 90))
    }

    @Test(arguments: [
        "", "/", "..", "../r-fp16-sm86/\(BucketKeyTests.digest).json", "r-fp16-sm86/../\(BucketKeyTests.digest).json",
        "r-fp16-sm86/\(BucketKeyTests.digest)",
        "r-fp16-sm86/\(BucketKeyTests.digest).json/", "/r-fp16-sm86/\(BucketKeyTests.digest).json",
        "r-fp16-sm86/\(BucketKeyTests.digest.uppercased()).json",
        "r-fp16-sm86/\(BucketKeyTests.digest.dropLast()).json", "r-fp16-sm86.plan/\(BucketKeyTests.digest).json",
        "r-fp16-sm086/\(BucketKeyTests.digest).json",
        "r-fp16/\(BucketKeyTests.digest).json", "r-fp16-sm86/\(BucketKeyTests.digest).exe",
        "..-fp16-sm86/\(BucketKeyTests.digest).json",
        "r-fp16-sm86//\(BucketKeyTests.digest).json",
        "r-fp16-sm86/\(BucketKeyTests.digest).JSON", "r-fp16-sm86\u{0}/\(BucketKeyTests.digest).json",
    ])
    func everythingElseIsNotAKey(_ text: String) {
        #expect(BucketKey(text) == nil)
    }

    @Test func datesOfHeadersAreRead() {
        #expect(HTTPDate.parse("Wed, 25 Nov 2026 02:11:17 GMT") == UTCTime("2026-11-25T02:11:17Z"))
        for text in ["", "Wed, 25 Nov 2026 02:11:17", "Wed, 5 Nov 2026 02:11:17 GMT", "Wed, 31 Feb 2026 02:11:17 GMT"] {
            #expect(HTTPDate.parse(text) == nil)
        }
    }

    @Test func aLockIsExpiredByTheServersClock() {
        func lock(_ lease: Int?, age: Int64) -> LockObject {
            LockObject(note: lease.map { LeaseNote(leaseSeconds: $0) }, etag: "", age: age)
        }
        #expect(!lock(10, age: 11).isExpired(usual: 60))
        #expect(lock(10, age: 12).isExpired(usual: 60))
        #expect(lock(1_000_000, age: 3602).isExpired(usual: 60))
        #expect(!lock(nil, age: 61).isExpired(usual: 60))
        #expect(lock(nil, age: 62).isExpired(usual: 60))
    }
}
