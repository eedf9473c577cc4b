import CTurboJPEG
import FaceImages
import Testing

@Suite struct JPEGDecodingTests {
    @Test(arguments: [Int32(0), TJFLAG_PROGRESSIVE]) func colourSurvives(_ flags: Int32) throws {
        let image = PixelImage.soft(width: 53, height: 41)
        let photo = try decode(try JPEGFixture.encode(image, flags: flags))
        #expect(try #require(PixelImage(photo).greatestDifference(to: image)) <= 3)
        #expect(photo.warnings.isEmpty)
    }

    @Test(arguments: [TJSAMP_422.rawValue, TJSAMP_420.rawValue, TJSAMP_440.rawValue, TJSAMP_411.rawValue])
    func coarseChromaIsInterpolated(_ sampling: UInt32) throws {
        let image = PixelImage.soft(width: 53, height: 41)
        let photo = try decode(try JPEGFixture.encode(image, sampling: TJSAMP(sampling)))
        #expect(try #require(PixelImage(photo).greatestDifference(to: image)) <= 12)
    }

    @Test func aChromaLayoutThatTurboJPEGHasNoNameForIsDecoded() throws {
        // Six blocks in one unit, 2×2 + 1 + 1, relabelled as 1×4 + 1 + 1 (4:4:1): the same data for a flat image.
        let flat = PixelImage(width: 16, height: 16) { _, _ in (30, 90, 160) }
        var jpeg = try JPEGFixture.encode(flat, sampling: TJSAMP_420)
        jpeg = try JPEGFixture.resized(jpeg, width: 8, height: 16)
        jpeg[try JPEGFixture.segment(0xC0, in: jpeg) + 11] = 0x14
        let photo = try decode(jpeg)
        let expected = PixelImage(width: 8, height: 16) { _, _ in (30, 90, 160) }
        #expect(try #require(PixelImage(photo).greatestDifference(to: expected)) <= 3)
    }

    @Test func grayIsReplicated() throws {
        let gray: [UInt8] = (0..<40 * 30).map { (index: Int) in UInt8(20 + index % 40 * 5) }
        let jpeg = try JPEGFixture.encode(gray, width: 40, height: 30, format: TJPF_GRAY, sampling: TJSAMP_GRAY)
        let expected = PixelImage(width: 40, height: 30) { x, _ in
            (UInt8(20 + x * 5), UInt8(20 + x * 5), UInt8(20 + x * 5))
        }
        #expect(try #require(PixelImage(try decode(jpeg)).greatestDifference(to: expected)) <= 3)
    }

    @Test func adobeInkIsStoredInverted() throws {
        // Cyan, magenta, yellow, black as Adobe stores them: 255 is no ink.
        let ink: [UInt8] = [220, 150, 60, 200]
        let pixels = (0..<24 * 16).flatMap { _ in ink }
        let jpeg = try JPEGFixture.encode(pixels, width: 24, height: 16, format: TJPF_CMYK)
        let expected = PixelImage(width: 24, height: 16) { _, _ in
            (UInt8(60 * 200 / 255), UInt8(150 * 200 / 255), UInt8(220 * 200 / 255))
        }
        #expect(try #require(PixelImage(try decode(jpeg)).greatestDifference(to: expected)) <= 4)
    }

    @Test func inkWithoutAnAdobeSegmentIsStoredAsItIs() throws {
        // A neutral YCCK image holds 255 − 200, 128, 128, 100; without the segment that names YCCK, that is CMYK.
        let pixels = (0..<16 * 16).flatMap { _ in [200, 200, 200, 100] as [UInt8] }
        var jpeg = try JPEGFixture.encode(pixels, width: 16, height: 16, format: TJPF_CMYK)
        let adobe = try JPEGFixture.segment(0xEE, in: jpeg)
        jpeg.removeSubrange(adobe..<adobe + 2 + Int(jpeg[adobe + 3]))
        let expected = PixelImage(width: 16, height: 16) { _, _ in
            (UInt8(127 * 155 / 255), UInt8(127 * 155 / 255), UInt8(200 * 155 / 255))
        }
        #expect(try #require(PixelImage(try decode(jpeg)).greatestDifference(to: expected)) <= 3)
    }

    @Test(arguments: 1...8, [false, true]) func exifOrientationIsHonoured(_ orientation: Int, bigEndian: Bool) throws {
        let upright = PixelImage.soft(width: 61, height: 35)
        let stored = try JPEGFixture.encode(Orientation.stored(upright, orientation))
        let jpeg = JPEGFixture.withOrientation(UInt8(orientation), bigEndian: bigEndian, stored)
        let shown = PixelImage(try decode(jpeg))
        #expect(try #require(shown.greatestDifference(to: upright)) <= 8)
        // But for JPEG's losses exactly the stored pixels, each in its place.
        #expect(Orientation.stored(shown, orientation) == PixelImage(try decode(stored)))
    }

    @Test(arguments: [UInt8(0), 9, 255]) func anImpossibleOrientationIsPassedOver(_ orientation: UInt8) throws {
        let image = PixelImage.soft(width: 20, height: 10)
        let jpeg = JPEGFixture.withOrientation(orientation, bigEndian: true, try JPEGFixture.encode(image))
        #expect(try decode(jpeg).width == 20)
    }

    @Test func damagedExifIsPassedOver() throws {
        let jpeg = JPEGFixture.withOrientation(
            6, bigEndian: false, try JPEGFixture.encode(.soft(width: 20, height: 10)))
        let start = try JPEGFixture.segment(0xE1, in: jpeg)
        for index in start + 4..<start + 4 + 40 {
            var damaged = jpeg
            damaged[index] = 0xFF
            #expect(decodingError(damaged) == nil, "byte \(index)")
        }
    }

    @Test(arguments: [Int32(0), TJFLAG_PROGRESSIVE]) func aFileCutOffAnywhereIsAnError(_ flags: Int32) throws {
        let jpeg = try JPEGFixture.encode(.busy(width: 24, height: 20), flags: flags)
        for length in 4..<jpeg.count {
            #expect(decodingError(Array(jpeg[..<length])) != nil, "\(length) of \(jpeg.count) bytes")
        }
        #expect(decodingError(Array(jpeg[..<(jpeg.count - 40)]))?.code == .truncated)
    }

    @Test func strayBytesAreKeptAsAWarning() throws {
        let image = PixelImage.soft(width: 20, height: 10)
        let jpeg = JPEGFixture.inserting([1, 2, 3], afterFirstSegmentOf: try JPEGFixture.encode(image))
        let photo = try decode(jpeg)
        #expect(photo.warnings.count == 1)
        #expect(photo.warnings.first?.contains("extraneous bytes") == true)
        #expect(try #require(PixelImage(photo).greatestDifference(to: image)) <= 3)
    }

    @Test func strayBytesDoNotHideThatTheFileIsCutOff() throws {
        let jpeg = JPEGFixture.inserting(
            [1, 2, 3], afterFirstSegmentOf: try JPEGFixture.encode(.busy(width: 24, height: 20)))
        #expect(decodingError(Array(jpeg[..<(jpeg.count - 40)]))?.code == .truncated)
    }

    @Test func damagedScansNeverCrash() throws {
        let jpeg = try JPEGFixture.encode(.busy(width: 24, height: 20), sampling: TJSAMP_420, flags: TJFLAG_PROGRESSIVE)
        for index in 2..<jpeg.count {
            for value in [0x00, 0xFF, jpeg[index] ^ 0x10] as [UInt8] {
                var damaged = jpeg
                damaged[index] = value
                // Many of these decode; that none of them brings the process down is the point.
                if let error = decodingError(damaged, limits: DecodeLimits(maxPixels: 1_000_000)) {
                    #expect(!error.description.contains("\n"))
                }
            }
        }
    }

    @Test func anEnormousHeaderIsRefusedWithItsFigures() throws {
        let jpeg = try JPEGFixture.resized(
            try JPEGFixture.encode(.soft(width: 8, height: 8)), width: 60_000, height: 60_000)
        let error = try #require(decodingError(jpeg))
        #expect(error.code == .tooLarge)
        #expect(error.description.contains("60000×60000"))
        #expect(error.description.contains("100000000"))
    }

    @Test func aFloodOfScansIsRefused() throws {
        let jpeg = try JPEGFixture.encode(.soft(width: 16, height: 16), flags: TJFLAG_PROGRESSIVE)
        // The last scan (a refinement of nothing new) repeated again and again.
        let last = try #require(jpeg.indices.last { jpeg[$0] == 0xFF && $0 + 1 < jpeg.count && jpeg[$0 + 1] == 0xDA })
        let scan = jpeg[last..<jpeg.count - 2]
        let flood = jpeg[..<last] + (0..<2_000).flatMap { _ in scan } + [0xFF, 0xD9]
        #expect(decodingError(Array(flood))?.code == .tooLarge)
    }
}
