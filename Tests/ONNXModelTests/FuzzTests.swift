import Foundation
import Testing

@testable import ONNXModel

/// Damaged files by the thousand: an error or a model, never a crash. `make fuzz` runs 100,000 of them.
struct FuzzTests {
    private static let asked = ProcessInfo.processInfo.environment["ARCFACE_FUZZ_INPUTS"].flatMap { Int($0) }
    private static let inputs = asked ?? 2000
    /// What a run may hold in memory at a time: files here have some kilobytes, and constants may grow to four times their
    /// elements and a million more.
    private static let bound = 128 << 20

    /// Files that between them reach every repair.
    private static let sources: [[UInt8]] = [
        SmallFace().build(),
        SmallFace(
            before: { builder, image in
                builder.bytes("q", .int8, [1], [127])
                builder.constant("s", [], [1])
                builder.node("DequantizeLinear", ["q", "s"], ["mean"])
                builder.node("Sub", [image, "mean"], ["centred"])
                return "centred"
            }, slopeDims: [16]
        ).build(),
        network(opset: 8), network(opset: 17),
    ].map { $0.serialized() }

    /// Normalisations, a computed target shape, a product and an addend, and constants that are computed.
    private static func network(opset: Int64) -> Model {
        var builder = ModelBuilder(opset: opset)
        builder.input("x", [.value(1), .value(3), .value(112), .value(112)])
        builder.weights("w", [3, 3, 4, 3])
        builder.node("Transpose", ["w"], ["w1"], [Attribute("perm", .ints([2, 1, 0, 3]))])
        builder.convolution("x", "w1", "c0", stride: 16)
        builder.constant("scales", [4], [1, 1, 1, 1])
        if opset < 10 {
            builder.node("Upsample", ["c0", "scales"], ["c"])
        } else {
            builder.node("Resize", ["c0", "", "scales"], ["c"])
        }
        builder.normalization("c", "n", dims: [4], opset < 9 ? [Attribute("spatial", .int(0))] : [])
        builder.integers("zero", [], [0])
        builder.integers("open", [1], [-1])
        builder.integers("axes", [1], [0])
        builder.node("Shape", ["n"], ["shape"])
        builder.node("Gather", ["shape", "zero"], ["b"])
        if opset < 13 {
            builder.node("Unsqueeze", ["b"], ["b1"], [Attribute("axes", .ints([0]))])
        } else {
            builder.node("Unsqueeze", ["b", "axes"], ["b1"])
        }
        builder.node("Concat", ["b1", "open"], ["target"], [Attribute("axis", .int(0))])
        builder.node("Reshape", ["n", "target"], ["f"])
        builder.weights("m", [196, 8])
        builder.weights("v", [8])
        builder.node("MatMul", ["f", "m"], ["p"])
        builder.node("Add", ["p", "v"], ["e"])
        builder.normalization("e", "y", dims: [8])
        builder.output("y", [.value(1), .value(8)])
        return builder.model
    }

    @Test func damagedFilesGiveErrorsAndNothingElse() throws {
        var generator = SeededGenerator(seed: 2026)
        let before = Self.peakMemory()
        var (refused, accepted) = (0, 0)
        for number in 0..<Self.inputs {
            let bytes = Self.damaged(Self.sources[number % Self.sources.count], number, &generator)
            do throws(ONNXModelError) {
                _ = try ModelInspection(try Model.read(bytes: bytes))
                let prepared = try FaceModel.prepare(bytes: bytes, preprocessing: nil, target: .onnxruntimeCPU)
                // What was accepted must be readable again.
                _ = try Model.read(bytes: prepared.serialized())
                accepted += 1
            } catch {
                #expect(!error.description.isEmpty && !error.description.contains("\n"))
                refused += 1
            }
        }
        #expect(refused > Self.inputs / 4)
        // Bits in weights hurt nobody.
        #expect(accepted > Self.inputs / 100)
        if Self.asked != nil, let before, let after = Self.peakMemory() {
            print("\(Self.inputs) files: \(refused) refused, \(accepted) accepted, \((after - before) >> 20) MiB more")
            #expect(after - before < Self.bound)
        }
    }

    /// Cut off, bits flipped, bytes doubled or replaced, or random altogether.
    private static func damaged(_ source: [UInt8], _ number: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = source
        func place(_ generator: inout SeededGenerator) -> Int {
            // Structure lies in front of the weights and behind them; that is where it hurts.
            let end = Bool.random(using: &generator) ? min(bytes.count, 1500) : bytes.count
            return Int.random(in: 0..<end, using: &generator)
        }
        switch number / sources.count % 8 {
        case 0: return Array(bytes.prefix(place(&generator)))
        case 1: return (0..<place(&generator)).map { _ in .random(in: 0 ... .max, using: &generator) }
        case 2:
            let start = place(&generator)
            let end = min(bytes.count, start + Int.random(in: 1...64, using: &generator))
            bytes.insert(contentsOf: bytes[start..<end], at: place(&generator))
        case 3:
            let start = place(&generator)
            bytes.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...16, using: &generator)))
        case 4:
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[place(&generator)] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &generator) ?? 0
            }
        default:
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[place(&generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
        }
        return bytes
    }

    /// The most memory that the process has held so far, in bytes.
    private static func peakMemory() -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return nil }
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
}
