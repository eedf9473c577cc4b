import Foundation
import Testing

@testable import ONNXModel

/// Weights in files beside the model.
struct ExternalDataTests {
    /// A model whose `Gemm` takes weights `[2,3]` from `location`.
    private static func model(
        _ location: String, offset: String? = nil, length: String? = nil
    ) -> [UInt8] {
        typealias Bytes = ProtobufBytes
        func entry(_ key: String, _ value: String) -> [UInt8] {
            Bytes.bytes(13, Bytes.text(1, key) + Bytes.text(2, value))
        }
        var tensor = Bytes.number(1, 2) + Bytes.number(1, 3) + Bytes.number(2, 1) + Bytes.text(8, "w")
        tensor += entry("location", location)
        if let offset { tensor += entry("offset", offset) }
        if let length { tensor += entry("length", length) }
        tensor += entry("checksum", "0") + Bytes.number(14, 1)
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(3)])
        builder.node("Gemm", ["x", "w"], ["y"], [Attribute("transB", .int(1))])
        builder.output("y", [.named("N"), .value(2)])
        let bytes = builder.model.serialized()
        // The graph's fields may lie in two parts: protobuf merges them, and so the constant is added to the graph.
        var fields = ProtobufFields(bytes[...]).contents[7]?.first.map { Array($0) } ?? []
        fields += Bytes.bytes(5, tensor)
        return Bytes.model(graph: fields)
    }

    private static let weights: [Float] = [1, 2, 3, 4, 5, 6]

    /// Writes `model` beside `files` and reads it.
    private static func read(_ model: [UInt8], _ files: [String: [UInt8]]) throws -> Result<Model, ONNXModelError> {
        try TestFiles.withTemporaryFolder { folder in
            for (name, content) in files {
                let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(content).write(to: url)
            }
            let path = "\(folder)/model.onnx"
            try Data(model).write(to: URL(fileURLWithPath: path))
            return Result { () throws(ONNXModelError) in try Model.read(path: path) }
        }
    }

    private static func bytes(_ values: [Float]) -> [UInt8] { values.flatMap { ProtobufBytes.little($0) } }

    @Test func weightsAreReadFromTheFileAndWrittenIntoTheModel() throws {
        for location in ["weights.bin", "parts/weights.bin"] {
            let content = [9, 9, 9, 9, 9, 9, 9, 9] + Self.bytes(Self.weights) + [9]
            let source = Self.model(location, offset: "8", length: "24")
            let model = try Self.read(source, [location: content]).get()
            let tensor = try #require(model.graph.initializers.first)
            #expect(try tensor.floats() == Self.weights)
            #expect(tensor.isMapped)
            #expect(model.externalFiles == [location])
            let written = try Model.read(bytes: model.serialized())
            #expect(try written.graph.initializers.first?.floats() == Self.weights)
            #expect(written.externalFiles.isEmpty)
        }
    }

    @Test func withoutALengthTheShapeSaysIt() throws {
        let model = try Self.read(Self.model("w"), ["w": Self.bytes(Self.weights + [7])]).get()
        #expect(try model.graph.initializers.first?.floats() == Self.weights)
    }

    @Test(arguments: [
        "/etc/passwd", "../w", "a/../../w", "a/../w", "./w", "", "a//w", "w/", "missing", "a",
    ])
    func namesThatLeaveTheFolderOrNameNoFileAreRefused(location: String) throws {
        let result = try Self.read(Self.model(location), ["w": Self.bytes(Self.weights), "a/w": [0]])
        #expect(throws: ONNXModelError.self) { try result.get() }
        if case .failure(let error) = result {
            #expect(error.code == .externalData)
            #expect(error.description.contains("weights of 'w'"))
        }
    }

    @Test func linksAreRefused() throws {
        try TestFiles.withTemporaryFolder { folder in
            try Data(Self.bytes(Self.weights)).write(to: URL(fileURLWithPath: "\(folder)/real"))
            try FileManager.default.createDirectory(atPath: "\(folder)/inside", withIntermediateDirectories: false)
            try Data(Self.bytes(Self.weights)).write(to: URL(fileURLWithPath: "\(folder)/inside/w"))
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/file", withDestinationPath: "real")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/folder", withDestinationPath: "inside")
            for location in ["file", "folder/w"] {
                let path = "\(folder)/model.onnx"
                try Data(Self.model(location)).write(to: URL(fileURLWithPath: path))
                let error = #expect(throws: ONNXModelError.self) { try Model.read(path: path) }
                #expect(error?.code == .externalData)
                #expect(error?.what.contains("link") == true)
            }
        }
    }

    @Test(
        arguments: [
            ("-4", nil), ("4", nil), ("25", "0"), ("0", "20"), ("0", "-24"), ("9223372036854775807", "24"), ("x", "24"),
            ("0", "9223372036854775808"),
        ] as [(String, String?)])
    func rangesOutsideOfTheFileAreRefused(offset: String, length: String?) throws {
        let result = try Self.read(
            Self.model("w", offset: offset, length: length), ["w": Self.bytes(Self.weights)])
        #expect(throws: ONNXModelError.self) { try result.get() }
    }

    @Test func aModelInMemoryHasNoFolder() throws {
        var model = try Model.read(bytes: Self.model("w"))
        let error = #expect(throws: ONNXModelError.self) { try model.graph.validate() }
        #expect(error?.code == .externalData)
        // Read and written again it still names its file.
        let again = try Model.read(bytes: model.serialized())
        guard case .external(let elements)? = again.graph.initializers.first?.storage else {
            Issue.record("the location is lost")
            return
        }
        #expect(elements.location == "w")
    }
}
