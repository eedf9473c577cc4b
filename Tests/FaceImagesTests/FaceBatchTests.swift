import CSPNG
import CTurboJPEG
import FaceImages
import Testing

@Suite struct FaceBatchTests {
    @Test func aBatchOfTheWrongSizeIsRefused() {
        #expect(throws: FaceImageError.self) { try FaceBatch(count: 1, pixels: [0, 1, 2]) }
    }
}
