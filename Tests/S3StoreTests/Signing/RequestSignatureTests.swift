import Digests
import EngineStore
import Testing

@testable import S3Store

/// AWS's published examples, by value: the S3 API Reference's "Examples: Signature Calculations in AWS Signature Version 4",
/// and the general test suite of Signature Version 4.
@Suite struct RequestSignatureTests {
    private static let s3 = RequestSignature(
        accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1")

    private static let suite = RequestSignature(
        accessKey: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), region: "us-east-1",
        service: "service")

    private static let nothing = Digest.of("").hex

    private static func time(_ text: String) throws -> UTCTime { try #require(UTCTime(text)) }

    private func s3Request(
        _ method: String, _ path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], payload: String = ""
    ) throws -> RequestSignature.Request {
        let hash = Digest.of(payload).hex
        return RequestSignature.Request(
            method: method, path: path, query: query,
            headers: headers + [
                ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-date", "20130524T000000Z"),
                ("x-amz-content-sha256", hash),
            ],
            payloadHash: hash, time: try Self.time("2013-05-24T00:00:00Z"))
    }

    private func suiteRequest(
        _ method: String, query: [(name: String, value: String)] = [], headers: [(name: String, value: String)] = [],
        path: String = "/"
    ) throws -> RequestSignature.Request {
        RequestSignature.Request(
            method: method, path: path, query: query,
            headers: [("Host", "example.amazonaws.com")] + headers + [("X-Amz-Date", "20150830T123600Z")],
            payloadHash: Self.nothing, time: try Self.time("2015-08-30T12:36:00Z"))
    }

    @Test func aRangeOfAnObject() throws {
        let request = try s3Request("GET", "/test.txt", headers: [("Range", "bytes=0-9")])
        #expect(
            Self.s3.authorization(for: request)
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test func anObjectWithADollarInItsName() throws {
        let request = try s3Request(
            "PUT", PercentEncoding.path("/test$file.text"),
            headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            payload: "Welcome to Amazon S3.")
        #expect(
            Self.s3.authorization(for: request).hasSuffix(
                "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    @Test func aQueryWithoutAValue() throws {
        let request = try s3Request("GET", "/", query: [("lifecycle", "")])
        #expect(
            Self.s3.authorization(for: request).hasSuffix(
                "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
    }

    @Test func aListing() throws {
        let request = try s3Request("GET", "/", query: [("prefix", "J"), ("max-keys", "2")])
        #expect(
            Self.s3.authorization(for: request).hasSuffix(
                "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    @Test(arguments: [
        ("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ])
    func theSuitesPlainRequests(_ method: String, _ signature: String) throws {
        let authorization = Self.suite.authorization(for: try suiteRequest(method))
        #expect(
            authorization == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, Signature=\(signature)")
    }

    @Test func theSuitesQueryInTheWrongOrder() throws {
        let request = try suiteRequest("GET", query: [("Param2", "value2"), ("Param1", "value1")])
        #expect(
            Self.suite.authorization(for: request).hasSuffix(
                "Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"))
    }

    @Test func theSuitesPathInAnotherScript() throws {
        let request = try suiteRequest("GET", path: PercentEncoding.path("/\u{1234}"))
        #expect(request.path == "/%E1%88%B4")
        #expect(
            Self.suite.authorization(for: request).hasSuffix(
                "Signature=8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"))
    }

    @Test func theSuitesHeadersWithSpaces() throws {
        let request = try suiteRequest("GET", headers: [("My-Header1", " value1"), ("My-Header2", "\"a   b   c\"")])
        #expect(
            Self.suite.authorization(for: request).hasSuffix(
                "Signature=acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"))
    }

    @Test func aPlusAndASpaceAreNotTheSame() {
        #expect(PercentEncoding.component("a b+c/é~") == "a%20b%2Bc%2F%C3%A9~")
        #expect(PercentEncoding.path("a b/c") == "a%20b/c")
    }

    @Test func aSecretIsNeverShown() {
        let secret = Secret("hush")
        var dumped = ""
        dump(secret, to: &dumped)
        let signer = AWSCredentials(
            accessKey: "AKID", secretKey: secret, sessionToken: Secret("hush too"), source: "a test")
        dump(signer, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\(signer)", dumped] { #expect(!text.contains("hush")) }
    }
}
