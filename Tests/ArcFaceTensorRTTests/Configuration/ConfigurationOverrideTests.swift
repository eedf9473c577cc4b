import Testing

@testable import ArcFaceTensorRT

@Suite struct ConfigurationOverrideTests {
    private func errors(_ key: String, _ value: String) throws -> [String] {
        let folder = try ConfigurationFolder()
        return folder.errors(overrides: [.init(key: key, value: value, option: "--opt")])
    }

    @Test(arguments: [
        (
            "input.max_pixels", "-1",
            "--opt: input.max_pixels: -1 is impossible, wanted a whole number from 1 to 2147483647 (the nearest is 1)"
        ),
        ("input.max_pixels", "", "--opt: input.max_pixels: found no value (give one, or leave the option out)"),
        ("storage.bucket", "null", "--opt: storage.bucket: found no value (give one, or leave the option out)"),
        ("input.pixels", "1", "--opt: input.pixels: there is no such key (did you mean input.max_pixels?)"),
        ("backend", "auto", "--opt: backend: there is no such key (did you mean embedding.backend?)"),
        (
            "embedding", "auto",
            "--opt: embedding: these are several keys (name one of backend, fallback, require_gpu, auto_build, calibration_faces)"
        ),
    ])
    func `a bad option is named with its key`(key: String, value: String, error: String) throws {
        #expect(try errors(key, value) == [error])
    }

    @Test func `text is taken as it is typed`() throws {
        let loaded = try ArcFaceConfiguration.load(
            overrides: [.init(key: "onnxruntime.library_path", value: "/a b/#c: d.so", option: "--library")],
            workingDirectory: ConfigurationFolder().path)
        #expect(loaded.configuration.onnxRuntime.libraryPath == "/a b/#c: d.so")
    }
}
