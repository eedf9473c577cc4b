/// The command line that users of the Python tools know: `--mode NAME` in place of a subcommand.
enum UsualModes {
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
}
