/// A text that must not be seen: no description, dump or mirror shows it.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself; only for what computes with it.
    let text: String

    /// Hides a text.
    package init(_ text: String) { self.text = text }

    package var description: String { "(secret)" }
    package var debugDescription: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
