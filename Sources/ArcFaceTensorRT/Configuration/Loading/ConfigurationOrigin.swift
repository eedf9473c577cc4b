/// Where a value came from; later cases win over earlier ones.
public enum ConfigurationOrigin: Sendable, Equatable {
    /// Nothing set it.
    case `default`
    /// The configuration file, at a line counted from 1.
    case file(path: String, line: Int)
    /// The users' own pipeline file, at a line counted from 1.
    case pipelineFile(path: String, line: Int)
    /// An environment variable.
    case environment(name: String)
    /// A command-line option.
    case commandLine(option: String)
}

extension ConfigurationOrigin: CustomStringConvertible {
    /// `default`, `FILE:LINE`, `FILE:LINE (pipeline)`, the variable's name or the option, on one line.
    public var description: String {
        let text =
            switch self {
            case .default: "default"
            case .file(let path, let line): "\(path):\(line)"
            case .pipelineFile(let path, let line): "\(path):\(line) (pipeline)"
            case .environment(let name): name
            case .commandLine(let option): option
            }
        return text.onOneLine
    }

    /// Greater for layers that win.
    var rank: Int {
        switch self {
        case .default: 0
        case .file: 1
        case .pipelineFile: 2
        case .environment: 3
        case .commandLine: 4
        }
    }

    var place: ConfigurationIssue.Place {
        switch self {
        case .default: .code
        case .file(let path, let line), .pipelineFile(let path, let line): .file(path: path, line: line, column: nil)
        case .environment(let name): .environment(name: name)
        case .commandLine(let option): .commandLine(option: option)
        }
    }
}
