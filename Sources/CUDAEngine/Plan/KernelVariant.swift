/// A kernel with everything that is fixed when it is compiled.
package struct KernelVariant: Sendable, Hashable {
    /// The file that it is in, without `.cu`; also the kernel's name.
    package var source: String
    /// Macros by name, sorted.
    package var macros: [Macro]

    /// `-DNAME=VALUE`.
    package struct Macro: Sendable, Hashable {
        package var name: String
        package var value: String
    }

    package init(_ source: String, _ macros: KeyValuePairs<String, String>) {
        self.source = source
        self.macros = macros.map { Macro(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
    }

    init(source: String, macros: [Macro]) {
        self.source = source
        self.macros = macros
    }

    /// For messages: `convolution (C_IN 64, …)`.
    package var text: String {
        "\(source) (\(macros.map { "\($0.name) \($0.value)" }.joined(separator: ", ")))"
    }
}
