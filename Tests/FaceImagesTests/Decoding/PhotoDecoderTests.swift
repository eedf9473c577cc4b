import FaceImages
import Testing

@Suite struct PhotoDecoderTests {
    @Test(
        arguments: [
            ("WebP", Array("RIFF\u{10}\0\0\0WEBPVP8 ".utf8)), ("GIF", Array("GIF89a".utf8)),
            ("TIFF", [0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0]), ("TIFF", [0x4D, 0x4D, 0x00, 0x2A, 0, 0, 0, 8]),
            ("HEIC", Array("\0\0\0\u{18}ftypheic\0\0\0\0".utf8)), ("AVIF", Array("\0\0\0\u{18}ftypavif\0\0\0\0".utf8)),
            ("BMP", Array("BM".utf8) + [UInt8](repeating: 0, count: 52)),
        ] as [(String, [UInt8])])
    func anotherImageFormatIsNamed(_ name: String, bytes: [UInt8]) throws {
        let error = try #require(decodingError(bytes))
        #expect(error.code == .unsupportedFormat)
        #expect(error.description.contains(name))
    }

    @Test func textIsNoPhotoWhateverItsName() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("note.jpg", text: "Not a photo at all.\n")
        let error = #expect(throws: FaceImageError.self) { try PhotoDecoder().decode(path: PhotoPath(path)) }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.path == path)
    }

    @Test func theFormatIsToldFromTheBytes() throws {
        let folder = try TemporaryFolder()
        let image = PixelImage.busy(width: 12, height: 9)
        let path = try folder.write("really-a-png.jpg", try PNGFixture.encode(image))
        #expect(PixelImage(try PhotoDecoder().decode(path: PhotoPath(path))) == image)
    }

    @Test func anEmptyFileAMissingFileAndAFolderAreNamed() throws {
        let folder = try TemporaryFolder()
        let decoder = try PhotoDecoder()
        func code(_ path: String) -> FaceImageError.Code? {
            do {
                _ = try decoder.decode(path: PhotoPath(path))
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code(try folder.write("empty.png", [])) == .empty)
        #expect(code(folder.path + "/missing.png") == .notFound)
        #expect(code(folder.path) == .unreadable)
        #expect(code("/dev/zero") == .unreadable)
    }

    @Test func aFileBeyondTheLimitOnBytesIsRefused() throws {
        let folder = try TemporaryFolder()
        let png = try PNGFixture.encode(.soft(width: 30, height: 30))
        let path = PhotoPath(try folder.write("a.png", png))
        let decoder = try PhotoDecoder()
        #expect(try decoder.decode(path: path, limits: DecodeLimits(maxFileBytes: png.count)).width == 30)
        let error = #expect(throws: FaceImageError.self) {
            try decoder.decode(path: path, limits: DecodeLimits(maxFileBytes: png.count - 1))
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func onePixelIsAPhoto() throws {
        let pixel = PixelImage(width: 1, height: 1) { _, _ in (9, 120, 240) }
        #expect(PixelImage(try decode(try PNGFixture.encode(pixel))) == pixel)
        let fromJPEG = PixelImage(try decode(try JPEGFixture.encode(pixel)))
        #expect(try #require(fromJPEG.greatestDifference(to: pixel)) <= 3)
    }

    @Test func oneDecoderServesOnePhotoAfterAnother() throws {
        let decoder = try PhotoDecoder()
        let good = try JPEGFixture.encode(.soft(width: 40, height: 40))
        let bad = Array(good[..<(good.count / 2)])
        for _ in 0..<3 {
            #expect(throws: FaceImageError.self) { try bad.withUnsafeBytes { try decoder.decode(bytes: $0) } }
            #expect(try good.withUnsafeBytes { try decoder.decode(bytes: $0) }.width == 40)
        }
    }

    @Test(arguments: [(1, 1), (32, 32), (33, 31), (65, 40)]) func thePaddingIsBlack(_ width: Int, _ height: Int) throws
    {
        let white = PixelImage(width: width, height: height) { _, _ in (255, 255, 255) }
        let turned = JPEGFixture.withOrientation(6, bigEndian: true, try JPEGFixture.encode(white))
        for bytes in [try PNGFixture.encode(white), try JPEGFixture.encode(white), turned] {
            let photo = try decode(bytes)
            #expect(photo.paddedWidth % 32 == 0 && photo.paddedWidth - photo.width < 32)
            #expect(photo.paddedHeight % 32 == 0 && photo.paddedHeight - photo.height < 32)
            photo.withUnsafeBytes { buffer in
                #expect(buffer.count == photo.paddedWidth * photo.paddedHeight * 3)
                for y in 0..<photo.paddedHeight {
                    for x in 0..<photo.paddedWidth {
                        let inside = x < photo.width && y < photo.height
                        #expect(buffer[y * photo.rowBytes + x * 3] == (inside ? 255 : 0))
                    }
                }
            }
        }
    }

    @Test func errorsAreOneLineWhateverTheFileIsCalled() throws {
        let error = #expect(throws: FaceImageError.self) {
            try PhotoDecoder().decode(path: PhotoPath("/nowhere/a\nb\u{1B}[31m.jpg"))
        }
        #expect(error?.description == #"/nowhere/a\nb\u{1B}[31m.jpg: no such file; check the path"#)
    }
}
