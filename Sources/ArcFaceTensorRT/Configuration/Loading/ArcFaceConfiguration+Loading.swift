extension ArcFaceConfiguration {
    /// The file that is read, if it is there, when none is named; relative to the working directory.
    public static let defaultFile = "config/pipeline/arcface_tensorrt.yaml"

    /// Reads the configuration from its layers: command line over environment over the users' pipeline file over the
    /// configuration file over the defaults.
    ///
    /// A null or empty value in a layer leaves the key to the layers below; on the command line it is refused.
    ///
    /// - Parameters:
    ///   - file: The configuration file; it must exist. Nil takes the one that `ARCFACE_CONFIG` names, which must exist
    ///     too, or else ``defaultFile`` if there is one.
    ///   - environment: The environment. Variables that don't start with `ARCFACE_` are ignored.
    ///   - overrides: What the command line sets; of two for one key, the later wins.
    ///   - pipelineFile: The users' own pipeline file; only `embedding.backend` in it is read.
    ///   - workingDirectory: What relative paths of these files start from. Paths *in* the configuration stay as
    ///     written.
    /// - Returns: The configuration and where each value came from.
    /// - Throws: ``ConfigurationError`` with everything that is wrong in any of the layers.
    public static func load(
        file: String? = nil, environment: [String: String] = [:], overrides: [ConfigurationOverride] = [],
        pipelineFile: String? = nil, workingDirectory: String = "."
    ) throws(ConfigurationError) -> LoadedConfiguration {
        var log = ConfigurationIssueLog()
        func document(_ path: String) -> YAMLDocument? {
            do throws(ConfigurationIssue) {
                let isRelative = !path.hasPrefix("/") && workingDirectory != "."
                return try YAMLDocument(
                    contentsOf: isRelative ? "\(workingDirectory)/\(path)" : path, shownAs: path)
            } catch {
                log.add(error)
                return nil
            }
        }

        let named = file ?? environment[ConfigurationEnvironment.fileVariable].flatMap { $0.isEmpty ? nil : $0 }
        let hasDefault = ConfigurationFileReader.exists("\(workingDirectory)/\(defaultFile)")
        let fileDocument = (named ?? (hasDefault ? defaultFile : nil)).flatMap(document)
        let pipelineDocument = pipelineFile.flatMap(document)

        let layers = [
            fileDocument.map { ConfigurationLayer(file: $0, log: &log) },
            pipelineDocument.map { ConfigurationLayer(pipelineFile: $0) },
            ConfigurationLayer(environment: environment, log: &log),
            ConfigurationLayer(overrides: overrides, log: &log),
        ].compactMap { $0 }

        var configuration = ArcFaceConfiguration()
        var origins: [String: ConfigurationOrigin] = [:]
        for layer in layers { layer.apply(to: &configuration, origins: &origins, log: &log) }
        // Values that were refused are still defaults; contradictions with those would only confuse.
        if log.issues.isEmpty {
            for contradiction in configuration.contradictions { log.add(contradiction.issue(origins)) }
        }
        if let error = ConfigurationError(log) { throw error }
        return LoadedConfiguration(
            configuration: configuration, origins: origins, file: fileDocument?.path, notes: layers.flatMap(\.notes))
    }

    /// Checks a configuration that was made or changed in code.
    ///
    /// - Throws: ``ConfigurationError`` with every value out of range and every contradiction.
    public func validate() throws(ConfigurationError) {
        var log = ConfigurationIssueLog()
        for key in ConfigurationSchema.keys {
            do throws(ValueProblem) { try key.check(self) } catch {
                log.add(ConfigurationIssue(error, .code, key: key.path))
            }
        }
        for contradiction in contradictions { log.add(contradiction.issue([:])) }
        if let error = ConfigurationError(log) { throw error }
    }
}
