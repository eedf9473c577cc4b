internal import Glibc

/// The parts of the machine that a search looks at, apart so that tests can lay out a machine of their own.
package struct SearchSurroundings: Sendable {
    package var environment: [String: String]
    package var workingFolder: String
    /// The folder of the running executable.
    package var executableFolder: String?
    /// Where system-wide Python packages are rooted: `/usr` and `/usr/local`.
    package var systemPrefixes: [String]

    package init(
        environment: [String: String], workingFolder: String, executableFolder: String?, systemPrefixes: [String]
    ) {
        self.environment = environment
        self.workingFolder = workingFolder
        self.executableFolder = executableFolder
        self.systemPrefixes = systemPrefixes
    }

    /// This process as it is now.
    package static var current: SearchSurroundings {
        SearchSurroundings(
            environment: Self.processEnvironment(),
            workingFolder: FilePaths.resolved(".") ?? ".",
            executableFolder: FilePaths.resolved("/proc/self/exe").map(FilePaths.parent),
            systemPrefixes: ["/usr", "/usr/local"])
    }

    private static func processEnvironment() -> [String: String] {
        var result: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return result
    }
}
