import Yams

extension ConfigurationLayer {
    /// The only key that is read from the users' own pipeline file.
    static let pipelineKey = "embedding.backend"

    /// The users' own pipeline file. All of it but ``pipelineKey`` is theirs and means nothing here.
    init(pipelineFile document: YAMLDocument) {
        guard case .key(let key) = ConfigurationSchema.entries[Self.pipelineKey] else { return }
        var node = document.root
        var line = 1
        for name in Self.pipelineKey.split(separator: ".") {
            let pair = node?.mapping?.mergedPairs().first { $0.key.scalar.map { $0.string == name } ?? false }
            line = pair?.key.mark?.line ?? line
            node = pair?.value
        }
        guard let node, !node.isNothing else {
            notes.append("\(document.path) sets no \(Self.pipelineKey); nothing was taken from it".onOneLine)
            return
        }
        settings.append(
            Setting(
                key: key, raw: RawSetting(node, line: line), origin: .pipelineFile(path: document.path, line: line)))
    }
}
