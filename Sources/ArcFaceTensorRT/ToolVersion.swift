/// The version of this software, as `--version` prints it and engines record it.
package enum ToolVersion {
    /// Three numbers.
    package static let current = "0.1.0"
}
