/// What is written about the configuration, generated from the keys themselves.
public enum ConfigurationReference {
    /// The reference in Markdown: `docs/configuration.md`.
    public static func markdown() -> String {
        introduction + ConfigurationSchema.sections.map(table).joined()
    }

    /// The sample file: every key with its default and an explanation, `config/pipeline/arcface_tensorrt.yaml`.
    public static func sampleYAML() -> String {
        """
        # Settings of arcface-tensorrt. Every key is here with its default; null is "not set".
        # The command line wins over the environment (ARCFACE_EMBEDDING_BACKEND=…), which wins over this file.
        # Relative paths start from the working directory. `arcface-tensorrt config show` prints what is in force.


        """
            + ConfigurationYAML.render(value: { $0.defaultValue.yaml }, comments: true, remark: { _ in nil })
    }

    private static func table(of section: ConfigurationSection) -> String {
        let rows = section.keys.map { key in
            let cells = [
                "`\(key.name)`", key.expectation, "`\(key.defaultValue.yaml)`", "`\(key.environmentName)`", key.summary,
            ]
            return "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n"
        }
        return """

            ## `\(section.path)`

            \(section.summary)

            | key | value | default | environment | meaning |
            |---|---|---|---|---|
            \(rows.joined())
            """
    }

    private static let introduction = """
        # Configuration

        <!-- Generated from the schema; a test compares this file with it. -->

        Settings come from layers; a higher one wins:

        1. the command line,
        2. the environment: `\(ConfigurationEnvironment.prefix)` and the key's path in capitals, with underscores for dots,
        3. `--pipeline-config FILE`, your own pipeline's YAML, of which only `\(ConfigurationLayer.pipelineKey)` is read,
        4. the configuration file: `--config FILE`, else the one that `\(ConfigurationEnvironment.fileVariable)` names, else
           `\(ArcFaceConfiguration.defaultFile)` in the working directory if it is there,
        5. the defaults.

        `arcface-tensorrt config show` prints every value in force and where it came from.

        - A null or empty value leaves the key to the layers below; on the command line it is an error.
        - Paths stay as written: a relative one starts from the working directory, not from the file that names it.
        - In the environment and on the command line, a list is written with commas: `1,8,32`.
        - Text that looks like a number, a boolean or null (`123`, `no`, `null`) needs quotes in YAML.
        - Anchors, aliases and merge keys (`<<`) work. A file is one document of at most 1 MiB.
        - A key that doesn't exist, a value of the wrong kind and a value out of range are errors. All of them are reported at
          once, each with its line and what to do. So is an `\(ConfigurationEnvironment.prefix)` variable that doesn't exist.

        """
}
