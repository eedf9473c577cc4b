/// A value that the command line sets.
public struct ConfigurationOverride: Sendable, Equatable {
    /// The dotted path of the key, such as `embedding.backend`.
    public var key: String
    /// The value as it was typed; several for one key are separated by commas.
    public var value: String
    /// The option that set it, such as `--runtime`, for messages.
    public var option: String

    /// Makes an override.
    public init(key: String, value: String, option: String) {
        self.key = key
        self.value = value
        self.option = option
    }
}
