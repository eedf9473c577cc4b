import ArcFaceTensorRT
import ArgumentParser

struct PushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Put engines of the folder into the team's bucket.",
        discussion: """
            An engine that is there already stays. Engines are made of their models: one whose model is for non-commercial use (build \
            --license) isn't shared unless --accept-license says that it may be.
            """)

    @Argument(help: "Which engines (default: all).")
    var name: [String] = []

    @Flag(help: "Share engines of models for non-commercial use too.")
    var acceptLicense = false

    @Flag(help: "Replace an engine of the same identity that is there.")
    var replace = false

    @OptionGroup(title: "Place") var place: ShelfOptions

    func run() throws {
        try place.withShelf { shelf, status in
            let outcomes = try shelf.push(name, replacing: replace, acceptsLicense: acceptLicense) { id, bytes, total in
                status.progress(TransferText(id: id, bytes: bytes, total: total))
            }
            try place.show(outcomes, status: status)
        }
    }
}

struct PullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Copy engines of the team's bucket into the folder, verified.")

    @Argument(help: "Which engines (default: all).")
    var name: [String] = []

    @OptionGroup(title: "Place") var place: ShelfOptions

    func run() throws {
        try place.withShelf { shelf, status in
            let outcomes = try shelf.pull(name) { id, bytes, total in
                status.progress(TransferText(id: id, bytes: bytes, total: total))
            }
            try place.show(outcomes, status: status)
        }
    }
}
