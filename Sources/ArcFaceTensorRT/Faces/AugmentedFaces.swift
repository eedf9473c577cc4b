import FaceImages

/// More faces than there are: variants of a few, by mirroring, shifts, gain and blur.
///
/// For when no faces were named. They differ enough to exercise a network, and they are not other people: figures
/// measured on them are labelled as what they are. The same faces give the same variants, byte for byte, anywhere.
package enum AugmentedFaces {
    /// Originals beyond this many are left out when a set is made for augmenting.
    static let maximumOriginals = 64
    /// Shifts in pixels, either way.
    private static let largestShift = 3
    /// Gains in 256ths: 0.7 to 1.3.
    private static let gains = 179...333

    /// What is done to a face.
    private struct Change {
        var mirrored = false
        var shift = (x: 0, y: 0)
        /// In 256ths.
        var gain = 256
        var blurred = false

        /// The change that makes variant `variant` of face `face`; variant 0 is the face itself.
        init(face: Int, variant: Int) {
            guard variant > 0 else { return }
            var bits = Self.mixed(UInt64(face) << 32 | UInt64(variant))
            func draw(_ range: ClosedRange<Int>) -> Int {
                let value = Int(bits % UInt64(range.count))
                bits /= UInt64(range.count)
                return range.lowerBound + value
            }
            let shifts = -largestShift...largestShift
            mirrored = !variant.isMultiple(of: 2)
            shift = (draw(shifts), draw(shifts))
            gain = draw(gains)
            blurred = draw(0...2) == 0
        }

        /// The output function of SplitMix64 (Steele, Lea, Flood 2014).
        private static func mixed(_ seed: UInt64) -> UInt64 {
            var value = (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// `count` faces: first the originals, then variants of each in turn.
    ///
    /// - Parameters:
    ///   - count: faces in all, 1 or more.
    ///   - originals: the faces to vary, 1 or more.
    ///   - names: a name for each of them.
    /// - Returns: the faces, named and labelled as augmented.
    package static func make(_ count: Int, from originals: FaceBatch, names: [String]) -> FaceSet {
        let size = FaceBatch.bytesPerFace
        var pixels = [UInt8](repeating: 0, count: count * size)
        var variants: [String] = []
        pixels.withUnsafeMutableBufferPointer { output in
            originals.withUnsafeBytes { input in
                for place in 0..<count {
                    let (variant, face) = place.quotientAndRemainder(dividingBy: originals.count)
                    let name = face < names.count ? names[face] : "face \(face)"
                    variants.append(variant == 0 ? name : "\(name), variant \(variant)")
                    guard let source = input.baseAddress?.assumingMemoryBound(to: UInt8.self),
                        let target = output.baseAddress
                    else { continue }
                    apply(
                        Change(face: face, variant: variant), to: source + face * size, into: target + place * size)
                }
            }
        }
        let augmented = count > originals.count
        let people = "\(originals.count) face\(originals.count == 1 ? "" : "s")"
        let label = augmented ? "\(count) faces, augmented from \(people)" : "\(count) of the demo's \(people)"
        // The bytes were counted above: a batch of another size can't come of them.
        let batch = (try? FaceBatch(count: count, pixels: pixels)) ?? FaceBatch()
        return FaceSet(faces: batch, names: variants, label: label, failures: [])
    }

    private static func apply(
        _ change: Change, to source: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>
    ) {
        let side = FaceBatch.side
        let last = side - 1
        for y in 0..<side {
            let row = source + min(max(y + change.shift.y, 0), last) * side * 3
            for x in 0..<side {
                let mirrored = change.mirrored ? last - x : x
                let from = row + min(max(mirrored + change.shift.x, 0), last) * 3
                let to = target + (y * side + x) * 3
                for channel in 0..<3 {
                    to[channel] = UInt8(min((Int(from[channel]) * change.gain + 128) >> 8, 255))
                }
            }
        }
        if change.blurred { blur(target) }
    }

    /// A 3×3 binomial filter, in place; the border's pixels count twice.
    private static func blur(_ pixels: UnsafeMutablePointer<UInt8>) {
        let side = FaceBatch.side
        let last = side - 1
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: side * side * 3) { sums in
            guard let sums = sums.baseAddress else { return }
            for y in 0..<side {
                for x in 0..<side {
                    for channel in 0..<3 {
                        let row = y * side
                        let left = pixels[(row + max(x - 1, 0)) * 3 + channel]
                        let middle = pixels[(row + x) * 3 + channel]
                        let right = pixels[(row + min(x + 1, last)) * 3 + channel]
                        sums[(row + x) * 3 + channel] = UInt16(left) + 2 * UInt16(middle) + UInt16(right)
                    }
                }
            }
            for y in 0..<side {
                let above = sums + max(y - 1, 0) * side * 3
                let here = sums + y * side * 3
                let below = sums + min(y + 1, last) * side * 3
                for place in 0..<side * 3 {
                    pixels[y * side * 3 + place] = UInt8((above[place] + 2 * here[place] + below[place] + 8) >> 4)
                }
            }
        }
    }
}
