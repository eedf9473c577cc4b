import FaceImages
import Testing

@Suite struct PNGDecodingTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let colourType: UInt8
        let bitDepth: UInt8
        let interlaced: Bool
        var testDescription: String { "colour \(colourType), \(bitDepth) bits\(interlaced ? ", interlaced" : "")" }
    }

    static let kinds: [Kind] = [false, true].flatMap { interlaced in
        [(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])].flatMap { colour, depths in
            depths.map { Kind(colourType: UInt8(colour), bitDepth: UInt8($0), interlaced: interlaced) }
        }
    }

    @Test(arguments: kinds) func everyKindOfPixelBecomesBGRWithoutAlpha(_ kind: Kind) throws {
        var png = PNGFixture(
            width: 37, height: 21, colourType: kind.colourType, bitDepth: kind.bitDepth, interlaced: kind.interlaced)
        let most = 1 << Int(kind.bitDepth)
        if kind.colourType == 3 {
            png.palette = (0..<most).map { (entry: Int) in
                (UInt8(truncatingIfNeeded: entry * 31), UInt8(truncatingIfNeeded: ~entry), UInt8(entry / 2))
            }
            png.paletteAlpha = [0, 128]
        }
        let channels = png.channels
        let samples: [UInt16] = (0..<37 * 21 * channels).map { (index: Int) in
            UInt16((index * 40_503 + index / 11) % most)
        }

        func eight(_ sample: UInt16) -> UInt8 {
            kind.bitDepth == 16 ? UInt8(sample >> 8) : UInt8(Int(sample) * 255 / (most - 1))
        }
        let expected = PixelImage(width: 37, height: 21) { x, y in
            let pixel = Array(samples[(y * 37 + x) * channels..<(y * 37 + x + 1) * channels])
            switch kind.colourType {
            case 3:
                let (red, green, blue) = png.palette[Int(pixel[0])]
                return (blue, green, red)
            case 2, 6: return (eight(pixel[2]), eight(pixel[1]), eight(pixel[0]))
            default: return (eight(pixel[0]), eight(pixel[0]), eight(pixel[0]))
            }
        }
        let photo = try decode(try png.encode(samples))
        #expect(PixelImage(photo) == expected)
    }

    @Test(arguments: 1...8) func exifOrientationIsHonoured(_ orientation: Int) throws {
        let upright = PixelImage.busy(width: 45, height: 33)
        let stored = Orientation.stored(upright, orientation)
        let exif = JPEGFixture.tiff(orientation: UInt8(orientation), bigEndian: orientation.isMultiple(of: 2))
        #expect(PixelImage(try decode(try PNGFixture.encode(stored, exif: exif))) == upright)
    }

    @Test func everyFlippedBitIsNoticed() throws {
        let png = try PNGFixture.encode(.soft(width: 9, height: 7))
        for index in png.indices {
            var damaged = png
            damaged[index] ^= 1 << UInt8(index % 8)
            let error = decodingError(damaged)
            #expect(error != nil, "byte \(index)")
        }
    }

    @Test func aBadChecksumIsNamed() throws {
        var png = try PNGFixture.encode(.soft(width: 9, height: 7))
        png[png.count - 13] ^= 0xFF
        let error = try #require(decodingError(png))
        #expect(error.code == .corrupt)
        #expect(error.description.contains("CRC"))
    }

    @Test func aFileCutOffAnywhereIsAnError() throws {
        let png = try PNGFixture.encode(.busy(width: 19, height: 17))
        // The last four bytes are the checksum of nothing; libspng takes a file without them as whole.
        for length in 8...png.count - 5 {
            let error = decodingError(Array(png[..<length]))
            #expect(error?.code == .truncated, "\(length) of \(png.count) bytes: \(String(describing: error))")
        }
    }

    @Test func anEnormousHeaderIsRefusedWithItsFigures() throws {
        let png = PNGFixture.resized(try PNGFixture.encode(.soft(width: 8, height: 8)), width: 60_000, height: 60_000)
        let error = try #require(decodingError(png))
        #expect(error.code == .tooLarge)
        #expect(error.description.contains("60000×60000"))
        #expect(error.description.contains("3600000000"))
    }

    @Test func aSideBeyondAnyPhotoIsRefused() throws {
        let png = PNGFixture.resized(try PNGFixture.encode(.soft(width: 8, height: 8)), width: 90_000, height: 1)
        #expect(decodingError(png)?.code == .tooLarge)
    }

    @Test func theLimitOnPixelsIsInclusive() throws {
        let png = try PNGFixture.encode(.soft(width: 10, height: 8))
        #expect(decodingError(png, limits: DecodeLimits(maxPixels: 80)) == nil)
        #expect(decodingError(png, limits: DecodeLimits(maxPixels: 79))?.code == .tooLarge)
    }
}
