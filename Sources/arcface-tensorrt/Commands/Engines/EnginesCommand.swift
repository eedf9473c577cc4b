import ArgumentParser

struct EnginesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engines",
        abstract: "Look after engines: the folder, the team's bucket, signatures.",
        discussion: """
            One machine builds, the team runs. With storage.bucket set, `embed` and `build` look for an engine in the folder, then in the \
            bucket, and build only if neither has it; what was built is put into the bucket. While one machine builds, the others wait.

            An engine is code. Its bytes are checked against its manifest whenever it is loaded, and with storage.require_signature only \
            engines signed by one of storage.public_keys are.

            NAME is an engine's name with or without .plan, or the first digits (six at least) of its identity, as `engines list` shows them.

            Credentials come from where AWS's tools look: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE and ~/.aws, the \
            container, the instance.
            """,
        subcommands: [
            ListCommand.self, PushCommand.self, PullCommand.self, VerifyCommand.self, PruneCommand.self,
            PinCommand.self, UnpinCommand.self, KeygenCommand.self, SignCommand.self,
        ])
}
