import Foundation

/// Where a Python is looked for, and how long it may take; apart so that tests can have their own.
package struct PythonSurroundings: Sendable {
    /// The interpreters to try, in order: paths, or names that are looked up on `PATH`.
    package var candidates: [String]
    /// True if the only candidate was named by the user, who is told what is wrong with it.
    package var wasNamed: Bool
    /// Folders in which modules are found that the interpreter lacks.
    package var packages: [String]
    /// The environment, the child's too.
    package var environment: [String: String]
    /// Seconds until an interpreter has to say hello: a cold start from a slow disk takes long.
    package var helloLimit: Double
    /// Seconds until a network has to be ready.
    package var loadLimit: Double
    /// Seconds until a batch has to be computed.
    package var callLimit: Double

    /// The usual ones.
    ///
    /// - Parameters:
    ///   - python: the interpreter that was configured; nil looks in `.deps`, on `PATH` and in `/usr/bin`.
    ///   - environment: the environment, the child's too.
    ///   - helloLimit: seconds until an interpreter has to say hello.
    ///   - loadLimit: seconds until a network has to be ready.
    ///   - callLimit: seconds until a batch has to be computed.
    package init(
        python: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
        helloLimit: Double = 60, loadLimit: Double = 900, callLimit: Double = 900
    ) {
        candidates = python.map { [$0] } ?? [".deps/venv/bin/python", "python3", "/usr/bin/python3"]
        wasNamed = python != nil
        packages = [FileManager.default.currentDirectoryPath + "/.deps/python"]
        self.environment = environment
        self.helloLimit = helloLimit
        self.loadLimit = loadLimit
        self.callLimit = callLimit
    }

    /// The candidates that exist, each once.
    package var interpreters: [String] {
        var found: [String] = []
        for candidate in candidates {
            guard let path = executable(candidate), !found.contains(path) else { continue }
            found.append(path)
        }
        return found
    }

    private func executable(_ name: String) -> String? {
        let isExecutable = FileManager.default.isExecutableFile(atPath:)
        if name.contains("/") { return isExecutable(name) ? name : nil }
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first(where: isExecutable)
    }
}
