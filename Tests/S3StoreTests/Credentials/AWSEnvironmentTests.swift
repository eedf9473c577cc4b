import Foundation
import Testing

@testable import S3Store

@Suite struct AWSEnvironmentTests {
    /// A home folder with AWS's two files.
    private func home(credentials: String?, config: String? = nil) throws -> String {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent("aws-\(UUID().uuidString)")
        let folder = home.appendingPathComponent(".aws")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try credentials?.write(to: folder.appendingPathComponent("credentials"), atomically: true, encoding: .utf8)
        try config?.write(to: folder.appendingPathComponent("config"), atomically: true, encoding: .utf8)
        return home.path
    }

    private static let file = """
        # the team's
        [default]
        aws_access_key_id = AKIDDEFAULT
        aws_secret_access_key=s3cr=t/+
        [build]
          aws_access_key_id = NESTED
        aws_access_key_id = AKIDBUILD
        AWS_SECRET_ACCESS_KEY = other
        aws_session_token = token==
        [half]
        aws_access_key_id = AKIDHALF
        """

    @Test func theEnvironmentComesFirst() throws {
        let environment = AWSEnvironment([
            "HOME": try home(credentials: Self.file), "AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_SESSION_TOKEN": "y",
        ])
        let credentials = try #require(try environment.staticCredentials())
        #expect(credentials.accessKey == "AKIDENV")
        #expect(credentials.sessionToken?.text == "y")
    }

    @Test func thenTheSharedFile() throws {
        let credentials = try #require(
            try AWSEnvironment(["HOME": try home(credentials: Self.file)]).staticCredentials())
        #expect(credentials.accessKey == "AKIDDEFAULT")
        #expect(credentials.secretKey.text == "s3cr=t/+")
        #expect(credentials.sessionToken == nil)
    }

    @Test func aProfileMayBeNamed() throws {
        let environment = AWSEnvironment(["HOME": try home(credentials: Self.file), "AWS_PROFILE": "build"])
        let credentials = try #require(try environment.staticCredentials())
        #expect(credentials.accessKey == "AKIDBUILD")
        #expect(credentials.secretKey.text == "other")
        #expect(credentials.sessionToken?.text == "token==")
    }

    @Test func theFilesMayLieElsewhere() throws {
        let other = try home(credentials: Self.file)
        let environment = AWSEnvironment([
            "HOME": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "\(other)/.aws/credentials",
        ])
        #expect(try environment.staticCredentials()?.accessKey == "AKIDDEFAULT")
    }

    @Test func theConfigurationFileNamesProfilesDifferently() throws {
        let config = "[profile build]\nregion = eu-north-1\naws_access_key_id=AKIDC\naws_secret_access_key=c\n"
        let environment = AWSEnvironment(["HOME": try home(credentials: nil, config: config), "AWS_PROFILE": "build"])
        #expect(try environment.staticCredentials()?.accessKey == "AKIDC")
        #expect(try environment.region() == "eu-north-1")
    }

    @Test func theEnvironmentsRegionWins() throws {
        #expect(try AWSEnvironment(["AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"]).region() == "a")
        #expect(try AWSEnvironment(["AWS_DEFAULT_REGION": "b"]).region() == "b")
        #expect(try AWSEnvironment(["HOME": "/nowhere"]).region() == nil)
    }

    @Test func halfASetIsAnErrorThatShowsNoSecret() throws {
        let inEnvironment = #expect(throws: S3Error.self) {
            try AWSEnvironment(["AWS_ACCESS_KEY_ID": "AKIDENV"]).staticCredentials()
        }
        #expect(inEnvironment?.code == .credentialsMissing)
        let home = try home(credentials: Self.file)
        let inFile = #expect(throws: S3Error.self) {
            try AWSEnvironment(["HOME": home, "AWS_PROFILE": "half"]).staticCredentials()
        }
        #expect(inFile?.description.contains("half") == true)
        #expect(inFile?.description.contains("s3cr") == false)
    }

    @Test func aProfileThatIsNotThereIsAnError() throws {
        let home = try home(credentials: Self.file)
        let error = #expect(throws: S3Error.self) {
            try AWSEnvironment(["HOME": home, "AWS_PROFILE": "typo"]).staticCredentials()
        }
        #expect(error?.description.contains("typo") == true)
    }

    @Test func nothingIsNoError() throws {
        #expect(try AWSEnvironment(["HOME": "/nowhere", "AWS_ACCESS_KEY_ID": ""]).staticCredentials() == nil)
    }
}
