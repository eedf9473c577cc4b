import ArcFaceTensorRT
import ArgumentParser

struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Delete the engines of the folder that weren't used for the longest time.",
        discussion: "Engines that are pinned, or being written, stay.")

    @Option(help: ArgumentHelp("What may stay, in MiB (configuration: storage.max_size_mb).", valueName: "mib"))
    var maxSizeMb: Int?

    @Flag(help: "Tell what would be deleted, and delete nothing.")
    var dryRun = false

    @OptionGroup(title: "Place") var place: ShelfOptions

    func validate() throws {
        if let maxSizeMb, !(0...1_073_741_824).contains(maxSizeMb) {
            throw ValidationError("--max-size-mb \(maxSizeMb): must be 0…1073741824")
        }
    }

    func run() throws {
        try place.withShelf { shelf, status in
            let (outcomes, bytes) = try shelf.prune(limit: maxSizeMb, isRehearsal: dryRun)
            try place.show(outcomes, status: status)
            status.message("\(bytes) bytes of engines \(dryRun ? "would stay" : "stay")")
        }
    }
}

struct PinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Keep engines of the folder from being cleared away.")

    @Argument(help: "Which engines.")
    var name: [String]

    @OptionGroup(title: "Place") var place: ShelfOptions

    func run() throws {
        try place.withShelf { shelf, status in try place.show(shelf.pin(name, true), status: status) }
    }
}

struct UnpinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin", abstract: "Let engines of the folder be cleared away again.")

    @Argument(help: "Which engines.")
    var name: [String]

    @OptionGroup(title: "Place") var place: ShelfOptions

    func run() throws {
        try place.withShelf { shelf, status in try place.show(shelf.pin(name, false), status: status) }
    }
}
