/// What happens where an engine would be run and none fits. Raw values are the spellings used in YAML, in the environment
/// and on the command line.
public enum AutoBuild: String, Sendable, CaseIterable {
    /// The engine is built first, and whoever asked for it waits.
    case foreground
    /// ONNX Runtime embeds while the engine is built, which takes over as soon as it is ready. As `foreground` where
    /// `embedding.require_gpu` is true.
    case background
    /// Nothing is built: a named backend is an error, and `auto` takes another one.
    case off
}
