/// What AWS's own tools take from the environment and from the shared files.
package struct AWSEnvironment: Sendable {
    private let variables: [String: String]

    /// Takes the process's variables; an empty one counts as not set.
    package init(_ variables: [String: String]) {
        self.variables = variables.filter { !$0.value.isEmpty }
    }

    /// A variable's value.
    subscript(name: String) -> String? { variables[name] }

    /// The profile that was asked for, else `default`.
    var profile: String { variables["AWS_PROFILE"] ?? "default" }

    /// `~/.aws/credentials`, or where the environment says.
    var credentialsPath: String { path(variables["AWS_SHARED_CREDENTIALS_FILE"], usual: "credentials") }

    /// `~/.aws/config`, or where the environment says.
    var configPath: String { path(variables["AWS_CONFIG_FILE"], usual: "config") }

    private func path(_ given: String?, usual: String) -> String {
        let home = variables["HOME"] ?? ""
        guard let given else { return "\(home)/.aws/\(usual)" }
        return given.hasPrefix("~/") ? home + given.dropFirst() : given
    }

    /// The region that AWS's settings name; nil if they name none.
    ///
    /// - Throws: `credentialsMissing` if a shared file can't be read.
    package func region() throws(S3Error) -> String? {
        if let region = variables["AWS_REGION"] ?? variables["AWS_DEFAULT_REGION"] { return region }
        return try AWSProfileFile(path: configPath)[profile]?["region"]
    }

    /// The credentials of the environment or the shared files; nil if neither has any.
    ///
    /// - Throws: `credentialsMissing` if what was named is incomplete, missing or unreadable.
    func staticCredentials() throws(S3Error) -> AWSCredentials? {
        if let accessKey = variables["AWS_ACCESS_KEY_ID"] {
            guard let secret = variables["AWS_SECRET_ACCESS_KEY"] else {
                throw S3Error(
                    .credentialsMissing, "it is set and AWS_SECRET_ACCESS_KEY isn't", at: "AWS_ACCESS_KEY_ID",
                    mend: "set both or none")
            }
            return AWSCredentials(
                accessKey: accessKey, secretKey: Secret(secret),
                sessionToken: variables["AWS_SESSION_TOKEN"].map(Secret.init), source: "the environment")
        }
        var known = false
        for path in [credentialsPath, configPath] {
            guard let settings = try AWSProfileFile(path: path)[profile] else { continue }
            known = true
            guard let accessKey = settings["aws_access_key_id"] else { continue }
            guard let secret = settings["aws_secret_access_key"] else {
                throw S3Error(
                    .credentialsMissing, "the profile \(profile) has no aws_secret_access_key", at: path,
                    mend: "add it to the profile")
            }
            return AWSCredentials(
                accessKey: accessKey, secretKey: Secret(secret),
                sessionToken: settings["aws_session_token"].map(Secret.init),
                source: "the profile \(profile) of \(path)")
        }
        guard known || variables["AWS_PROFILE"] == nil else {
            throw S3Error(
                .credentialsMissing, "neither \(credentialsPath) nor \(configPath) has the profile \(profile)",
                at: "AWS_PROFILE", mend: "name a profile that is there, or unset the variable")
        }
        return nil
    }
}
