/// An element of a small XML document: name without its namespace, the text directly in it, the elements directly in it.
struct XMLTree: Equatable {
    var name: String
    var text = ""
    var children: [XMLTree] = []

    /// The text of the first child of this name.
    subscript(name: String) -> String? { children.first { $0.name == name }?.text }

    /// All children of this name.
    func all(_ name: String) -> [XMLTree] { children.filter { $0.name == name } }

    /// Reads a document of at most `XMLReader.largest` bytes; nil if it isn't well-formed, or uses what no S3 answer does: a
    /// document type, entities of its own, a depth of more than 16.
    init?(_ bytes: [UInt8]) {
        var reader = XMLReader(bytes)
        guard let root = reader.document() else { return nil }
        self = root
    }

    init(name: String) { self.name = name }
}
