import ArcFaceTensorRT
import ArgumentParser

struct KeygenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen", abstract: "Make a key to sign engines with.",
        discussion: """
            The private key goes to a new file that only its owner may read: name it in storage.signing_key_path, or put its content into \
            ARCFACE_SIGNING_KEY. The public key is printed: list it in storage.public_keys of every machine that shall trust it.
            """)

    @Argument(help: "The private key's file; it must not be there yet.")
    var file: String

    func run() throws {
        try Failure.reported { try StandardOutput.write(try EngineShelf.makeKey(at: file)) }
    }
}

struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign engines of the folder.",
        discussion:
            "Their plans are checked against their manifests first. Push them again with --replace to share the signature."
    )

    @Argument(help: "Which engines (default: all).")
    var name: [String] = []

    @Option(
        help: ArgumentHelp(
            "The private key's file (configuration: storage.signing_key_path; or ARCFACE_SIGNING_KEY).",
            valueName: "file"))
    var key: String?

    @OptionGroup(title: "Place") var place: ShelfOptions

    func run() throws {
        try place.withShelf { shelf, status in try place.show(shelf.sign(name, keyPath: key), status: status) }
    }
}
