/// One key of the schema: where it is in YAML, in the environment and in ``ArcFaceConfiguration``, and what it takes.
struct ConfigurationKey: Sendable {
    /// The dotted path, such as `embedding.backend`.
    let path: String
    /// The kind of value, such as `integer`.
    let type: String
    /// The values that are allowed, such as `from 1 to 4096`; empty if all of the type are.
    let allowed: String
    /// One line for the reference and the sample file.
    let summary: String
    /// Reads, checks and stores a setting.
    let assign: @Sendable (RawSetting, inout ArcFaceConfiguration) throws(ValueProblem) -> Void
    /// Checks the value in a configuration that may have been made in code.
    let check: @Sendable (ArcFaceConfiguration) throws(ValueProblem) -> Void
    let value: @Sendable (ArcFaceConfiguration) -> ConfigurationValue

    /// The last part of the path.
    var name: Substring { path.split(separator: ".").last ?? "" }

    /// The environment variable: `ARCFACE_` and the path in capitals, with underscores for dots.
    var environmentName: String { Self.environmentName(of: path) }

    /// The environment variable of a dotted path.
    static func environmentName(of path: String) -> String {
        ConfigurationEnvironment.prefix + path.uppercased().replacing(".", with: "_")
    }

    /// The value when nothing sets it.
    var defaultValue: ConfigurationValue { value(ArcFaceConfiguration()) }
}
