/// One thing wrong with a configuration.
public struct ConfigurationIssue: Error, Sendable, Equatable {
    /// What kind of thing is wrong.
    public enum Code: Sendable, Equatable {
        /// A file can't be read, or isn't there.
        case unreadableFile
        /// A file is larger, or more deeply folded into itself, than any configuration.
        case tooLarge
        /// A file isn't YAML.
        case syntax
        /// A file holds more than one YAML document.
        case severalDocuments
        /// A key is there twice.
        case duplicateKey
        /// A value stands where a group of keys belongs.
        case notAMapping
        /// There is no such key.
        case unknownKey
        /// There is no such environment variable.
        case unknownVariable
        /// A value is of another kind than its key wants.
        case wrongType
        /// A value is out of range.
        case impossibleValue
        /// Two values contradict each other.
        case contradiction
    }

    /// Where the wrong thing is.
    public enum Place: Sendable, Equatable {
        /// A file, and the line and column in it, from 1, where they are known.
        case file(path: String, line: Int?, column: Int?)
        /// An environment variable.
        case environment(name: String)
        /// A command-line option.
        case commandLine(option: String)
        /// A configuration made in code.
        case code
    }

    /// What kind of thing is wrong.
    public let code: Code
    /// Where it is.
    public let place: Place
    /// The dotted path of the key; nil where the issue is not about one.
    public let key: String?
    /// What is wrong.
    public let what: String
    /// What to do about it.
    public let mend: String

    init(_ code: Code, _ place: Place, key: String? = nil, _ what: String, mend: String) {
        self.code = code
        self.place = place
        self.key = key
        self.what = what
        self.mend = mend
    }

    init(_ problem: ValueProblem, _ place: Place, key: String) {
        self.init(problem.code, place.moved(to: problem.line), key: key, problem.what, mend: problem.mend)
    }
}

extension ConfigurationIssue: CustomStringConvertible {
    /// One line: `FILE:LINE: key: what (mend)`.
    public var description: String {
        ([place.description, key, "\(what) (\(mend))"] as [String?])
            .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ": ").onOneLine
    }
}

extension ConfigurationIssue.Place: CustomStringConvertible {
    /// `FILE:LINE:COLUMN`, the variable's name or the option.
    public var description: String {
        switch self {
        case .file(let path, let line, let column):
            ([path] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
        case .environment(let name): name
        case .commandLine(let option): option
        case .code: ""
        }
    }

    /// The same place, at a line that is known more exactly.
    func moved(to line: Int?) -> Self {
        if case .file(let path, _, let column) = self, let line {
            .file(path: path, line: line, column: column)
        } else {
            self
        }
    }
}
