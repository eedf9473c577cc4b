import Foundation
import Testing

@testable import ArcFaceTensorRT

/// The files that are generated from the schema. `UPDATE_REFERENCE=1` writes them instead of comparing.
@Suite struct ConfigurationReferenceTests {
    private func check(_ text: String, file: String) throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
            .standardizedFileURL
        let url = package.appending(path: file)
        if ProcessInfo.processInfo.environment["UPDATE_REFERENCE"] == "1" {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        let written = try String(contentsOf: url, encoding: .utf8)
        #expect(
            written == text, "\(file) is out of date: UPDATE_REFERENCE=1 swift test --filter ConfigurationReference")
    }

    @Test func `the sample file is what the schema says`() throws {
        try check(ConfigurationReference.sampleYAML(), file: ArcFaceConfiguration.defaultFile)
    }

    @Test func `the reference is what the schema says`() throws {
        try check(ConfigurationReference.markdown(), file: "docs/configuration.md")
    }

    @Test func `the sample file holds every key with its default`() throws {
        let sample = ConfigurationReference.sampleYAML()
        #expect(try ConfigurationFolder().load(sample).configuration == ArcFaceConfiguration())
        for key in ConfigurationSchema.keys {
            // A value that can't be read in its place shows that the sample has the key there.
            let lines = sample.split(separator: "\n", omittingEmptySubsequences: false)
            let candidates = lines.indices.filter {
                lines[$0].trimmingSpaces.hasPrefix("\(key.name): ")
            }
            let errors = try candidates.flatMap { index in
                var changed = lines
                changed[index] = changed[index].prefix { $0 == " " } + "\(key.name): { x: 1 }"
                return try ConfigurationFolder().errors(changed.joined(separator: "\n"))
            }
            #expect(errors.contains { $0.contains(": \(key.path): found a mapping") }, "\(key.path)")
        }
    }

    @Test func `the reference names every key, its variable and its default`() {
        let reference = ConfigurationReference.markdown()
        for key in ConfigurationSchema.keys {
            #expect(reference.contains("| `\(key.name)` | "))
            #expect(reference.contains("| `\(key.defaultValue.yaml)` | `\(key.environmentName)` | "))
        }
    }

    @Test func `every path leads to one key`() {
        let paths = ConfigurationSchema.keys.map(\.path)
        #expect(Set(paths).count == paths.count)
        #expect(ConfigurationSchema.entries.count == paths.count + ConfigurationSchema.sections.count)
    }
}
