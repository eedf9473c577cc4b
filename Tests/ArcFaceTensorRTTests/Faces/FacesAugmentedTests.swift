import FaceImages
import Testing

@testable import ArcFaceTensorRT

@Suite("Augmented faces")
struct FacesAugmentedTests {
    /// Two faces of noise with a gradient, so that every change shows.
    private static let originals: FaceBatch = {
        var random = SeededGenerator(seed: 3)
        let count = 2 * FaceBatch.bytesPerFace
        let pixels = (0..<count).map { UInt8(clamping: Int(random.next() % 64) + $0 % 336 / 3 + 40) }
        return (try? FaceBatch(count: 2, pixels: pixels)) ?? FaceBatch()
    }()

    private func augmented(_ count: Int) -> FaceSet {
        AugmentedFaces.make(count, from: Self.originals, names: ["a", "b"])
    }

    private func face(_ set: FaceSet, _ index: Int) -> [UInt8] { set.faces.slice(index..<index + 1).pixels }

    @Test func `begin with the originals and are named as what they are`() {
        let set = augmented(5)
        #expect(set.faces.slice(0..<2) == Self.originals)
        #expect(set.names == ["a", "b", "a, variant 1", "b, variant 1", "a, variant 2"])
        #expect(set.label == "5 faces, augmented from 2 faces")
    }

    @Test func `are the same every time, and a longer set begins as a shorter one`() {
        #expect(augmented(40) == augmented(40))
        #expect(augmented(40).faces.slice(0..<17) == augmented(17).faces)
    }

    @Test func `differ from each other`() {
        let set = augmented(60)
        #expect(Set((0..<60).map { face(set, $0) }).count == 60)
    }

    @Test func `are mirrored in every second variant`() {
        let set = augmented(42)
        for index in 2..<42 {
            let original = face(set, index % 2)
            let variant = face(set, index)
            let mirrored = (index / 2) % 2 == 1
            // Shifts, gain and blur leave a face more like itself than like its mirror image.
            #expect((difference(variant, original) < difference(variant, mirror(original))) != mirrored)
        }
    }

    @Test func `hold the blur of a flat face to its own colour`() throws {
        let flat = try FaceBatch(count: 1, pixels: [UInt8](repeating: 100, count: FaceBatch.bytesPerFace))
        let set = AugmentedFaces.make(50, from: flat, names: ["flat"])
        for index in 0..<50 {
            let pixels = Set(face(set, index))
            #expect(pixels.count == 1)
            #expect(pixels.allSatisfy { (69...131).contains($0) })
        }
        // Gains differ, both ways.
        #expect(Set(set.faces.pixels).count > 10)
        #expect(set.faces.pixels.contains { $0 > 115 } && set.faces.pixels.contains { $0 < 85 })
    }

    @Test func `keep bright pixels at white`() throws {
        let white = try FaceBatch(count: 1, pixels: [UInt8](repeating: 255, count: FaceBatch.bytesPerFace))
        let set = AugmentedFaces.make(50, from: white, names: ["white"])
        #expect(set.faces.pixels.allSatisfy { $0 >= 178 })
    }

    private func mirror(_ face: [UInt8]) -> [UInt8] {
        (0..<112 * 112 * 3).map { place in
            let (pixel, channel) = (place / 3, place % 3)
            return face[(pixel / 112 * 112 + 111 - pixel % 112) * 3 + channel]
        }
    }

    private func difference(_ first: [UInt8], _ second: [UInt8]) -> Double {
        // Gain must not count: means are taken off.
        let means = [first, second].map { $0.reduce(0.0) { $0 + Double($1) } / Double($0.count) }
        return zip(first, second).reduce(0.0) { $0 + abs(Double($1.0) / means[0] - Double($1.1) / means[1]) }
    }

    @Test(
        .enabled(if: TestFiles.hasModels, "no models: run make deps"))
    func `of the demo stand in where no faces are named`() throws {
        let source = try? FaceSource(.init(paths: [], count: 20), configuration: TestFiles.configuration)
        // The demo's photo is looked for under the working directory, which is the package's when tests run.
        let set = try #require(try source?.load())
        #expect(set.label == "20 faces, augmented from 6 faces")
        #expect(set.faces.slice(0..<6) == (try TestFiles.faces(count: 6)))
    }
}
