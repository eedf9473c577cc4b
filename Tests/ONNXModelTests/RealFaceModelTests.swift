import Foundation
import Testing

@testable import ONNXModel

struct RealFaceModelTests {
    @Test(.enabled(if: TestFiles.exists(TestFiles.sface), "SFace is not installed"))
    func sfaceIsPreparedForEveryTarget() throws {
        for target in PreparationTarget.allCases {
            let prepared = try FaceModel.prepare(path: TestFiles.sface, preprocessing: nil, target: target)
            #expect(prepared.embeddingWidth == 128)
            #expect(prepared.preprocessing == Preprocessing(color: .rgb, mean: 127.5, scale: 128))
            #expect(prepared.preprocessingSource == .graph)
            #expect(prepared.model.graph.inputs.map(\.text) == ["'faces' uint8 [N,112,112,3]"])
            #expect(prepared.model.graph.outputs.map(\.text) == ["'embedding' float32 [N,128]"])
            let operators = Set(prepared.model.graph.nodes.map(\.op))
            #expect(operators.isDisjoint(with: ["DequantizeLinear", "Reshape", "Constant", "Dropout"]))
            #expect(operators.contains("PRelu") == (target != .onnxruntimeCPU))
            #expect(prepared.model[metadata: "arcface.scale"] == "128.0")
        }
    }

    @Test(.enabled(if: TestFiles.exists(TestFiles.mobileFaceNet), "w600k_mbf.onnx is not there"))
    func mobileFaceNetIsPreparedForEveryTargetWithoutCopyingItsWeights() throws {
        for target in PreparationTarget.allCases {
            let prepared = try FaceModel.prepare(path: TestFiles.mobileFaceNet, preprocessing: nil, target: target)
            #expect(prepared.embeddingWidth == 512)
            #expect(prepared.preprocessing == Preprocessing())
            #expect(prepared.preprocessingSource == .default)
            // The last normalisation goes into the last layer, whose weights are other ones then.
            let unchanged = prepared.model.graph.initializers.filter { !$0.name.contains("_folded") }
            let copied = unchanged.filter { !$0.isMapped }.reduce(0) { $0 + $1.count }
            let all = prepared.model.graph.initializers.reduce(0) { $0 + $1.count }
            #expect(copied * 100 < all, "\(copied) of \(all) weights copied")
        }
    }

    /// SFace's weights, dequantised straight from the file's bytes: one scale and zero point for each run of a row.
    @Test(.enabled(if: TestFiles.exists(TestFiles.sface), "SFace is not installed"))
    func sfacesWeightsAreThoseThatItsBytesSay() throws {
        let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: TestFiles.sface)))
        let graph = ProtobufFields(try #require(ProtobufFields(file[...]).contents[7]?.first))
        var raw: [String: (dims: [Int], bytes: ArraySlice<UInt8>)] = [:]
        for content in graph.contents[5] ?? [] {
            let tensor = ProtobufFields(content)
            guard let name = tensor.contents[8]?.first, let bytes = tensor.contents[9]?.first else { continue }
            let dims = (tensor.numbers[1] ?? []).map { Int($0) }
            raw[String(decoding: name, as: UTF8.self)] = (dims, bytes)
        }
        var model = try Model.read(path: TestFiles.sface)
        _ = try GraphPass.mending.run(&model)
        let names = raw.keys.filter { $0.hasSuffix("_quantized") }.map { String($0.dropLast("_quantized".count)) }
        #expect(names.count == 29)
        for name in names {
            let (dims, bytes) = try #require(raw["\(name)_quantized"])
            let scales = try #require(raw["\(name)_scales"])
            let zeros = try #require(raw["\(name)_zero_point"])
            let tensor = try #require(
                model.graph.initializers.first { $0.name == "\(name)_reshaped" || $0.name == "\(name)_dequantized" })
            let actual = try tensor.floats()
            let row = try #require(dims.last)
            let blocks = try #require(scales.dims.last)
            let block = (row + blocks - 1) / blocks
            let factors = stride(from: scales.bytes.startIndex, to: scales.bytes.endIndex, by: 4).map { start in
                Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(scales.bytes[start + $1]) << UInt32($1 * 8) })
            }
            let offsets = zeros.bytes.map { Int(Int8(bitPattern: $0)) }
            var wrong = 0
            for (place, byte) in bytes.enumerated() {
                let slot = place / row * blocks + place % row / block
                let expected = Float(Int(Int8(bitPattern: byte)) - offsets[slot]) * factors[slot]
                if actual[place] != expected { wrong += 1 }
            }
            #expect(actual.count == bytes.count)
            #expect(wrong == 0, "\(name): \(wrong) of \(bytes.count) differ")
        }
    }
}
