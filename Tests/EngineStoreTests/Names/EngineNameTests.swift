import EngineStore
import Testing

@Suite struct EngineNameTests {
    static let table: [(String, String, EnginePrecision, EngineTarget)] = [
        ("arcface_r100-fp16-sm86.plan", "arcface_r100", .fp16, .tensorrt(sm: 86)),
        ("arcface_r100-int8-rtx.plan", "arcface_r100", .int8, .tensorrtRTX),
        ("arcface_r100-fp32-sm90.cuda.plan", "arcface_r100", .fp32, .cuda(sm: 90)),
        ("my-model.v2-fp16-sm120.plan", "my-model.v2", .fp16, .tensorrt(sm: 120)),
        ("a-fp16-sm86-fp32-sm80.plan", "a-fp16-sm86", .fp32, .tensorrt(sm: 80)),
        ("_-fp16-sm86.plan", "_", .fp16, .tensorrt(sm: 86)),
    ]

    @Test(arguments: table.indices) func fileNamesAreReadAsTheyAreWritten(index: Int) throws {
        let (fileName, model, precision, target) = Self.table[index]
        let name = try EngineName(model: model, precision: precision, target: target)
        #expect(name.fileName == fileName)
        #expect(try EngineName(fileName: fileName) == name)
        #expect(name.manifestFileName == fileName + ".json")
    }

    @Test(arguments: [
        "../evil-fp16-sm86.plan", "a/b-fp16-sm86.plan", "..-fp16-sm86.plan", "a..b-fp16-sm86.plan", ".a-fp16-sm86.plan",
        "-a-fp16-sm86.plan", "-fp16-sm86.plan", "a-fp16-sm86", "a-fp16-sm86.plan.json", "a-fp16.plan",
        "a-fp8-sm86.plan",
        "a-fp16-sm.plan", "a-fp16-sm086.plan", "a-fp16-sm+86.plan", "a-fp16-sm9.plan", "a-fp16-sm1000.plan",
        "a-fp16-rtx.cuda.plan", "a-fp16-sm86.cuda.cuda.plan", "a b-fp16-sm86.plan", "ä-fp16-sm86.plan",
        "a\0-fp16-sm86.plan",
        ".plan", "", "..",
    ])
    func otherNamesAreRefused(fileName: String) {
        let error = #expect(throws: EngineStoreError.self) { try EngineName(fileName: fileName) }
        #expect(error?.code == .invalidName)
        #expect(error?.description.isEmpty == false)
    }

    @Test func modelsMayHaveUpTo128Characters() throws {
        let longest = String(repeating: "m", count: 128)
        #expect(try EngineName(model: longest, precision: .fp16, target: .tensorrtRTX).model == longest)
        #expect(throws: EngineStoreError.self) {
            try EngineName(model: longest + "m", precision: .fp16, target: .tensorrtRTX)
        }
    }

    @Test func versionsCompareByTheNumbersThatBothHave() throws {
        let built = try #require(EngineVersion("10.8.0.43"))
        #expect(try built.agrees(with: #require(EngineVersion("10.8.0"))))
        #expect(try !built.agrees(with: #require(EngineVersion("10.8.1"))))
        #expect(try built.isOlder(than: #require(EngineVersion("10.10"))))
        #expect(try !built.isOlder(than: #require(EngineVersion("10.8"))))
        for text in ["", "10.", ".8", "10.8.0.43.1", "10.x", "-1.0", "10 .8", "99999999999999999999", "١.2"] {
            #expect(EngineVersion(text) == nil, "\(text)")
        }
    }

    @Test func timesAreWrittenInUTCAndReadExactly() {
        #expect(UTCTime(seconds: 1_769_860_800).description == "2026-01-31T12:00:00Z")
        #expect(UTCTime("2026-01-31T12:00:00Z")?.seconds == 1_769_860_800)
        #expect(UTCTime("2024-02-29T23:59:59Z")?.description == "2024-02-29T23:59:59Z")
        for text in ["2026-02-30T12:00:00Z", "2026-01-31 12:00:00Z", "2026-01-31T12:00:00", "2026-01-31T1a:00:00Z", ""]
        {
            #expect(UTCTime(text) == nil, "\(text)")
        }
    }
}
