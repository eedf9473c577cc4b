import ArcFaceTensorRT
import ArgumentParser

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the engines of the folder, or of the bucket.")

    @Flag(help: "The team's bucket instead of the folder.")
    var remote = false

    @OptionGroup(title: "Place") var place: ShelfOptions

    func run() throws {
        try place.withShelf { shelf, _ in
            let items = try shelf.list(remote ? .team : .folder)
            if place.json { return try StandardOutput.write(items.json) }
            let rows = items.map(\.columns)
            let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
            for row in rows {
                let cells = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
                let line = (cells + [row[4]]).joined(separator: "  ")
                try StandardOutput.write(String(line.reversed().drop { $0 == " " }.reversed()))
            }
        }
    }
}

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read engines and check their digests and signatures.",
        discussion:
            "Exit codes: 0 all are whole and trusted; 65 one isn't; 66 there is no such engine; 69 the bucket is unavailable."
    )

    @Argument(help: "Which engines (default: all).")
    var name: [String] = []

    @Flag(help: "The team's bucket instead of the folder.")
    var remote = false

    @OptionGroup(title: "Place") var place: ShelfOptions

    func run() throws {
        try place.withShelf { shelf, status in
            let outcomes = try shelf.verify(name, in: remote ? .team : .folder) { id, bytes, total in
                status.progress(TransferText(id: id, bytes: bytes, total: total))
            }
            try place.show(outcomes, status: status)
        }
    }
}
