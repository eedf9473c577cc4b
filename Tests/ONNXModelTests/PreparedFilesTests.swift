import ONNXModel
import Testing

/// Writes prepared models for checks against other programs.
@Suite(.enabled(if: TestFiles.preparedFolder != nil, "ARCFACE_TEST_WRITE_PREPARED names no folder"))
struct PreparedFilesTests {
    @Test(arguments: PreparationTarget.allCases)
    func faceModelsAreWrittenForOtherPrograms(target: PreparationTarget) throws {
        let folder = try #require(TestFiles.preparedFolder)
        for (name, path) in [("sface", TestFiles.sface), ("w600k_mbf", TestFiles.mobileFaceNet)]
        where TestFiles.exists(path) {
            let prepared = try FaceModel.prepare(path: path, preprocessing: nil, target: target)
            let file = "\(folder)/\(name)-\(target.rawValue).onnx"
            try prepared.write(to: file)
            #expect(TestFiles.exists(file))
        }
    }

    @Test(.enabled(if: TestFiles.exists(TestFiles.yunet), "YuNet is not installed"))
    func theDetectorIsWrittenForOtherPrograms() throws {
        let file = "\(try #require(TestFiles.preparedFolder))/yunet.onnx"
        try DetectorModel.prepare(path: TestFiles.yunet).write(to: file)
        #expect(TestFiles.exists(file))
    }
}
