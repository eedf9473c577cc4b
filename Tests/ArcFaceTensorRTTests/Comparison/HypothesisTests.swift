import FaceImages
import ONNXModel
import Testing

@testable import ArcFaceTensorRT

struct HypothesisTests {
    private func value(_ pixel: Float, _ change: ReferenceChange, channel: Int) -> Float {
        guard let values = change.pixelValues else { return pixel }
        return values.gains[channel] * pixel + values.offsets[channel]
    }

    @Test(arguments: [Preprocessing(), Preprocessing(mean: 127.5, scale: 128), Preprocessing(mean: 0, scale: 255)])
    func `a replaced normalisation is what the reference then computes`(own: Preprocessing) throws {
        for (kind, mean, scale) in [("127.5-127.5", 127.5, 127.5), ("127.5-128", 127.5, 128), ("0-1", 0, 1)]
            as [(String, Float, Float)] where mean != own.mean || scale != own.scale
        {
            let hypothesis = try #require(
                Hypothesis.normalizations(own).first { $0.kind == "normalised-by-\(kind)" })
            for pixel in [0, 17, 255] as [Float] {
                let seen = (value(pixel, hypothesis.change, channel: 0) - own.mean) / own.scale
                #expect(abs(seen - (pixel - mean) / scale) < 1e-4 * max(1, abs(seen)))
            }
        }
    }

    @Test func `its own normalisation is no explanation`() {
        let kinds = Hypothesis.normalizations(Preprocessing()).map(\.kind)
        #expect(!kinds.contains("normalised-by-127.5-127.5") && kinds.contains("normalised-by-127.5-128"))
        #expect(Set(kinds).count == kinds.count)
    }

    @Test func `ImageNet's red goes to the last channel of BGR`() throws {
        let own = Preprocessing()
        let change = try #require(
            Hypothesis.normalizations(own).first { $0.kind == "normalised-by-imagenet" }
        ).change
        let red = (value(200, change, channel: 2) - own.mean) / own.scale
        #expect(abs(red - (200 / 255 - 0.485) / 0.229) < 1e-4)
    }

    @Test func `changes of different things combine, of the same don't`() {
        let swapped = Hypothesis.channelsSwapped(Preprocessing())
        let twice = Hypothesis.normalizations(Preprocessing())[0]
        #expect(swapped.and(twice)?.change.pixels == .channelsSwapped)
        #expect(swapped.and(twice)?.change.pixelValues == twice.change.pixelValues)
        #expect(swapped.and(swapped) == nil && swapped.and(Hypothesis.otherPixels[0]) == nil)
    }

    @Test(arguments: ReferenceChange.Pixels.allCases)
    func `a rearrangement done twice is none, done once is one`(change: ReferenceChange.Pixels) throws {
        let pixels = (0..<2 * FaceBatch.bytesPerFace).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 777) }
        let faces = try FaceBatch(count: 2, pixels: pixels)
        let once = change.applied(to: faces)
        #expect(once != faces && change.applied(to: once) == faces)
        // No byte crosses from one face to another.
        #expect(once.slice(0..<1).pixels.sorted() == faces.slice(0..<1).pixels.sorted())
    }

    @Test func `epsilons that all layers have already are no explanation`() {
        #expect(Hypothesis.epsilons(besides: []).isEmpty)
        #expect(!Hypothesis.epsilons(besides: [1e-5]).contains { $0.change.epsilon == 1e-5 })
        #expect(Hypothesis.epsilons(besides: [1e-5, 1e-3]).contains { $0.change.epsilon == 1e-5 })
    }
}
