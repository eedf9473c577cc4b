/// The command line that users of the Python tools know: `--mode NAME` in place of a subcommand.
enum UsualModes {
    /// Commands that other parts of the product will bring; naming one says so.
    static let planned: [String: String] = [
        "engines": "the engine store"
    ]

    /// Rewrites `--mode build …` or `--mode=build …`, wherever it stands, to `build …`.
    static func translated(_ arguments: [String]) -> [String] {
        var rest = arguments
        for (index, argument) in arguments.enumerated() {
            if argument == "--mode", index + 1 < arguments.count {
                rest.removeSubrange(index...index + 1)
                return [arguments[index + 1]] + rest
            }
            if argument.hasPrefix("--mode=") {
                rest.remove(at: index)
                return [String(argument.dropFirst("--mode=".count))] + rest
            }
        }
        return rest
    }

    /// The sentence for a command that this version doesn't have; nil for one that it has, or that nobody knows.
    static func refusal(for arguments: [String]) -> String? {
        guard let name = arguments.first, let subject = planned[name] else { return nil }
        return
            "error: \(name): \(subject) is not part of this version; it has embed, build, info, compare, benchmark, evaluate, model, config and doctor"
    }
}
