import Foundation

@testable import ArcFaceTensorRT

/// A working directory of its own for one test, removed with it.
final class ConfigurationFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "configuration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws {
        try write(Data(text.utf8), to: name)
    }

    func write(_ data: Data, to name: String) throws {
        let url = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    /// Loads `c.yaml` with that text.
    func load(_ yaml: String) throws -> LoadedConfiguration {
        try write(yaml, to: "c.yaml")
        return try ArcFaceConfiguration.load(file: "c.yaml", workingDirectory: path)
    }

    /// The lines of the error that loading `c.yaml` with that text gives; empty if it loads.
    func errors(_ yaml: String) throws -> [String] {
        try write(yaml, to: "c.yaml")
        return errors(file: "c.yaml")
    }

    /// The lines of the error that loading gives; empty if it gives none.
    func errors(
        file: String? = nil, environment: [String: String] = [:], overrides: [ConfigurationOverride] = [],
        pipelineFile: String? = nil
    ) -> [String] {
        do throws(ConfigurationError) {
            _ = try ArcFaceConfiguration.load(
                file: file, environment: environment, overrides: overrides, pipelineFile: pipelineFile,
                workingDirectory: path)
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }
}
