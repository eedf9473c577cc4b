import FaceImages
import ONNXModel
import Testing

@testable import ArcFaceTensorRT

@Suite("The slots of a batch") struct BatchInvarianceSlotsTests {
    /// Gives a face's first bytes as its embedding, after `order` has said which face stands in which slot.
    private struct Slots: EmbeddingRuntime {
        let order: @Sendable (_ slot: Int, _ count: Int) -> Int
        var nudge: Float = 0
        let concurrency = 1
        let maximumBatch = 32
        let information = EmbedderInformation(
            backend: "test", runtimeVersion: "1", device: "none", modelPath: "none", embeddingWidth: 8,
            preprocessing: "none", precision: .fp32, repairs: [])

        func embed(
            _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
        ) throws(ArcFaceError) {
            for slot in 0..<count {
                let face = order(slot, count)
                for number in 0..<8 {
                    let byte = Float(pixels[face * FaceBatch.bytesPerFace + number]) + 1
                    output[slot * 8 + number] = count > 1 && number == 0 ? byte * (1 + nudge) : byte
                }
            }
        }
    }

    private func faces(_ count: Int) throws -> FaceSet {
        var pixels = [UInt8](repeating: 0, count: count * FaceBatch.bytesPerFace)
        for face in 0..<count {
            for number in 0..<8 {
                pixels[face * FaceBatch.bytesPerFace + number] = UInt8((face * 37 + number * 91) % 251)
            }
        }
        return FaceSet(
            faces: try FaceBatch(count: count, pixels: pixels), names: (0..<count).map { "\($0)" }, label: "",
            failures: [])
    }

    private func look(_ runtime: Slots) throws -> BatchInvariance {
        try BatchInvariance(runtime, faces: try faces(32), precision: .fp32)
    }

    @Test func `that hold their own faces pass, within rounding`() throws {
        for nudge in [0, 1e-4] as [Float] {
            let invariance = try look(Slots(order: { slot, _ in slot }, nudge: nudge))
            #expect(invariance.verdict == .pass && invariance.findings.isEmpty)
            #expect(invariance.sizes.map(\.size) == [1, 8, 32])
        }
    }

    @Test(arguments: [(0, 1), (5, 6), (0, 7)])
    func `that are exchanged are named`(first: Int, second: Int) throws {
        let invariance = try look(
            Slots { slot, count in
                guard count == 8 else { return slot }
                return slot == first ? second : (slot == second ? first : slot)
            })
        #expect(invariance.verdict == .fail)
        let wrong = invariance.sizes.flatMap(\.wrong)
        #expect(wrong.map(\.slot) == [first, second] && wrong.map(\.holds) == [second, first])
        #expect(invariance.findings.map(\.kind) == ["rows-exchanged"])
    }

    @Test func `that hold nobody's embedding depend on the batch`() throws {
        let invariance = try look(Slots(order: { slot, _ in slot }, nudge: 0.5))
        #expect(invariance.findings.map(\.kind) == ["batch-dependent"])
        #expect(invariance.sizes[0].verdict == .pass && invariance.sizes[1].verdict == .fail)
    }
}
