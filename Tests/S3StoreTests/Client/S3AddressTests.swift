import Testing

@testable import S3Store

@Suite struct S3AddressTests {
    private func address(
        _ bucket: String, _ endpoint: String?, region: String = "eu-central-1", pathStyle: Bool = false
    ) throws -> String {
        let address = try S3Address(
            S3Settings(bucket: bucket, endpoint: endpoint, region: region, pathStyle: pathStyle))
        return "\(address.scheme)://\(address.host)\(address.root)"
    }

    @Test func awsHasTheBucketInTheHostName() throws {
        #expect(try address("team", nil) == "https://team.s3.eu-central-1.amazonaws.com/")
        #expect(try address("team", nil, region: "cn-north-1") == "https://team.s3.cn-north-1.amazonaws.com.cn/")
    }

    @Test func pathStyleHasItInThePath() throws {
        #expect(try address("team", nil, pathStyle: true) == "https://s3.eu-central-1.amazonaws.com/team/")
        #expect(
            try address("team", "https://minio.example:9000", pathStyle: true) == "https://minio.example:9000/team/")
    }

    @Test func aHostNameThatCannotHoldABucketLeavesItInThePath() throws {
        #expect(try address("team", "http://127.0.0.1:9000") == "http://127.0.0.1:9000/team/")
        #expect(try address("team", "http://[::1]:9000/") == "http://[::1]:9000/team/")
        #expect(try address("team", "http://localhost:9000") == "http://localhost:9000/team/")
        #expect(try address("a.b.c", nil) == "https://s3.eu-central-1.amazonaws.com/a.b.c/")
    }

    @Test func theDefaultPortIsNotPartOfTheHost() throws {
        #expect(try address("team", "https://minio.example:443") == "https://team.minio.example/")
        #expect(try address("team", "http://minio.example:443") == "http://team.minio.example:443/")
    }

    @Test func anEndpointMayHaveAPath() throws {
        #expect(try address("team", "https://gate.example/s3/", pathStyle: true) == "https://gate.example/s3/team/")
    }

    @Test func keysAreEncodedAndTheBucketHasNoSlash() throws {
        let inPath = try S3Address(S3Settings(bucket: "team", endpoint: "http://127.0.0.1:1"))
        #expect(inPath.path(of: "a b/é") == "/team/a%20b/%C3%A9")
        #expect(inPath.path(of: "") == "/team")
        #expect(try S3Address(S3Settings(bucket: "team")).path(of: "") == "/")
    }

    @Test(arguments: ["minio", "ftp://x", "https://", "https://a b", "https://x:99999", "http://u:p@x", "https://x?y"])
    func nonsenseIsRefused(_ endpoint: String) {
        let error = #expect(throws: S3Error.self) { try address("team", endpoint) }
        #expect(error?.code == .invalidSettings)
        #expect(error?.description.contains("storage.endpoint") == true)
    }

    @Test(arguments: ["", "ab", "Team", "a/b", "..", "-team", "a..b", "tea m"])
    func aNameThatNoBucketHasIsRefused(_ bucket: String) {
        #expect(throws: S3Error.self) { try address(bucket, nil) }
    }
}
