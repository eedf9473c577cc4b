import Evaluation
import FaceImages
import Foundation
import Testing

@testable import ArcFaceTensorRT
@testable import ONNXModel

@Suite struct CalibrationCacheTests {
    private let folder: String
    private let faces: FaceBatch

    init() throws {
        folder = NSTemporaryDirectory() + "int8-cache-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        faces = try FaceBatch(count: 1, pixels: [UInt8](repeating: 7, count: FaceBatch.bytesPerFace))
    }

    private func cache(_ graph: [UInt8] = [1, 2], _ target: Int8Target = .tensorrt) -> CalibrationCache {
        CalibrationCache(graph: graph, faces: faces, target: target, modelPath: folder + "/m.onnx")
    }

    private var thresholds: [CalibrationMethod: ActivationThresholds] {
        Dictionary(
            uniqueKeysWithValues: CalibrationMethod.allCases.enumerated().map {
                ($1, ActivationThresholds(["x": 0.1 + Float($0), "y": 1e-30]))
            })
    }

    @Test func whatIsStoredComesBackToTheLastBit() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try cache().store(thresholds)
        #expect(cache().load(values: ["x", "y"]) == thresholds)
    }

    @Test func anotherGraphOtherFacesOrAnotherTargetFindNothing() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try cache().store(thresholds)
        let others = try FaceBatch(count: 1, pixels: [UInt8](repeating: 8, count: FaceBatch.bytesPerFace))
        let path = folder + "/m.onnx"
        #expect(cache([1, 3]).load(values: ["x"]) == nil)
        #expect(cache([1, 2], .onnxruntime).load(values: ["x"]) == nil)
        let other = CalibrationCache(graph: [1, 2], faces: others, target: .tensorrt, modelPath: path)
        #expect(other.load(values: ["x"]) == nil)
    }

    @Test func aMissingValueOrADamagedFileFindsNothing() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try cache().store(thresholds)
        #expect(cache().load(values: ["x", "z"]) == nil)
        let path = try #require(cache().path)
        let data = try #require(FileManager.default.contents(atPath: path))
        try data.dropLast(9).write(to: URL(fileURLWithPath: path))
        #expect(cache().load(values: ["x"]) == nil)
    }

    @Test func aChoiceComesBackForItsOwnDemandOnly() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try cache().store(thresholds)
        let choice = CalibrationCache.Choice(
            kept: [.init(unit: "a", error: .nan), .init(unit: "b", error: 1e-300), .init(unit: "c")], rankings: 4,
            judgements: 3)
        let demand = CalibrationCache.demand(.mse, .int8)
        try cache().store(choice, for: demand)
        let found = try #require(cache().choice(for: demand, limit: .seconds(600)))
        #expect(found.kept.map(\.unit) == ["a", "b", "c"])
        #expect(found.kept[0].error?.isNaN == true && found.kept[1].error == 1e-300 && found.kept[2].error == nil)
        #expect(cache().choice(for: CalibrationCache.demand(.max, .int8), limit: .seconds(600)) == nil)
        let stricter = CalibrationCache.demand(.mse, ComparisonThresholds.int8.tightened(0.5))
        #expect(cache().choice(for: stricter, limit: .seconds(600)) == nil)
        #expect(cache([1, 3]).choice(for: demand, limit: .seconds(600)) == nil)
        #expect(cache().load(values: ["x", "y"]) == thresholds, "the ranges stay")
    }

    @Test func aChoiceThatWasCutShortServesUntilThereIsMoreTime() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try cache().store(thresholds)
        try cache().store(.init(kept: [], rankings: 1, judgements: 2, limit: 60), for: "d")
        #expect(cache().choice(for: "d", limit: .seconds(60)) != nil)
        #expect(cache().choice(for: "d", limit: .seconds(61)) == nil)
    }

    @Test func withoutAModelsPlaceNothingIsWritten() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try CalibrationCache(graph: [1], faces: faces, target: .tensorrt, modelPath: nil).store(thresholds)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
}
