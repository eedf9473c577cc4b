import Testing

@testable import CUDAEngine

/// What measured outputs and times are held against.
struct TuningTests {
    private static func bytes(_ values: [Float], isFloat: Bool) -> [UInt8] {
        isFloat
            ? values.flatMap { withUnsafeBytes(of: $0.bitPattern) { Array($0) } }
            : values.flatMap { withUnsafeBytes(of: Float16($0).bitPattern) { Array($0) } }
    }

    @Test(arguments: [false, true])
    func roundingIsNoDifferenceAndAnythingElseIs(isFloat: Bool) {
        let usual: [Float] = (0..<100).map { Float($0 % 7) - 3 + Float($0) / 100 }
        func objection(_ change: (inout [Float]) -> Void) -> String? {
            var other = usual
            change(&other)
            return OutputAgreement(isFloat: isFloat).objection(
                to: Self.bytes(other, isFloat: isFloat), beside: Self.bytes(usual, isFloat: isFloat))
        }
        #expect(objection { _ in } == nil)
        #expect(objection { values in for place in values.indices { values[place] *= 1.001 } } == nil)
        // Next to nothing beside the others, whatever its sign.
        #expect(objection { $0[3] += 0.004 } == nil)
        #expect(objection { $0[40] += 0.05 }?.hasPrefix("1 of 100 ") == true)
        #expect(objection { $0[0] = .nan }?.hasPrefix("1 of 100 ") == true)
        #expect(objection { $0[0] = .infinity }?.hasPrefix("1 of 100 ") == true)
        #expect(objection { $0[99] = -$0[99] }?.hasPrefix("1 of 100 ") == true)
        #expect(objection { $0.removeLast() } != nil)
    }

    @Test func aCacheIsReadAsItWasWritten() throws {
        var timings = TileTimings(TileTimings.Setting(gpu: "NVIDIA H100 80GB HBM3", sm: 90, compiler: "13.0"))
        for batch in [1, 8] {
            let variant = KernelVariant("stem", ["C_OUT": "64", "MEAN_B": "127.5f"])
            timings.outcomes[TileTimings.Key(batch: batch, variant: variant)] = .took(1.25 * Double(batch))
        }
        timings.outcomes[TileTimings.Key(batch: 1, variant: KernelVariant("convolution", ["SIZE": "3"]))] = .unusable
        let bytes = timings.bytes
        #expect(TileTimings(bytes) == timings)
        for place in stride(from: 0, to: bytes.count, by: 7) {
            var altered = bytes
            altered[place] ^= 4
            #expect(TileTimings(altered) == nil, "byte \(place)")
        }
        for count in 0..<bytes.count { #expect(TileTimings(Array(bytes[..<count])) == nil) }
        #expect(timings.setting.fileName.hasSuffix("-nvrtc13.0-sm90-NVIDIA-H100-80GB-HBM3.timing-cache"))
    }

    @Test func ofTwoBuildsMeasurementsNoneAreLostAndTheNewerCount() {
        let setting = TileTimings.Setting(gpu: "a", sm: 90, compiler: "13.0")
        func key(_ batch: Int) -> TileTimings.Key {
            TileTimings.Key(batch: batch, variant: KernelVariant("stem", ["C_OUT": "64"]))
        }
        var (older, newer) = (TileTimings(setting), TileTimings(setting))
        older.outcomes = [key(1): .took(3), key(2): .took(4)]
        newer.outcomes = [key(2): .took(5), key(3): .unusable]
        #expect(newer.merged(over: older).outcomes == [key(1): .took(3), key(2): .took(5), key(3): .unusable])
        var foreign = TileTimings(TileTimings.Setting(gpu: "b", sm: 90, compiler: "13.0"))
        foreign.outcomes = older.outcomes
        #expect(newer.merged(over: foreign) == newer)
    }
}
