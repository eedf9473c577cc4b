import Foundation

/// Images with light and shade, none like another: uint8 `[count, 112, 112, 3]`.
enum SyntheticFaces {
    static func make(_ count: Int, seed: Int = 0) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count * 112 * 112 * 3)
        bytes.withUnsafeMutableBufferPointer { bytes in
            var place = 0
            for face in 0..<count {
                var noise = UInt32(truncatingIfNeeded: 77 + 13 * (face + seed))
                let tilt = Float(face + seed) * 0.7
                for y in 0..<112 {
                    for x in 0..<112 {
                        let wave = sin(Float(x) * 0.09 + tilt) * cos(Float(y) * 0.06 * (1 + tilt * 0.1)) * 80
                        for channel in 0..<3 {
                            noise = noise &* 1_664_525 &+ 1_013_904_223
                            let value = 128 + wave * (1 - Float(channel) * 0.3) + Float(noise >> 27) + tilt * 4
                            bytes[place] = UInt8(max(0, min(255, value)))
                            place += 1
                        }
                    }
                }
            }
        }
        return bytes
    }
}
