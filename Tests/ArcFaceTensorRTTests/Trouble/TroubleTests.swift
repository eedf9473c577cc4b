import Testing

@testable import ArcFaceTensorRT

/// The README's table of troubles, against what users are told.
@Suite("The README's table of troubles")
struct TroubleTests {
    @Test func `has a row for every case, and a case for every row`() throws {
        let table = try ReadmeTable()
        #expect(table.phrases.sorted() == Trouble.all.map(\.phrase).sorted())
        #expect(table.incomplete == [])
    }

    @Test(
        .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"),
        .enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"),
        arguments: Trouble.all)
    func `has the words that users are told`(trouble: Trouble) throws {
        let text = try trouble.text()
        #expect(text.contains(trouble.phrase), "\(text)")
        #expect(!text.contains("\n"))
    }

    @Test func `points at compare and fp32 where embeddings are no numbers or wrong`() throws {
        for phrase in ["the model gave NaN, infinity or only zeros", "the engine was rejected: FAIL"] {
            let needsDoubles = phrase.hasPrefix("the engine")
            guard !needsDoubles || BuiltDouble.obstacle == nil && TestFiles.hasModels else { continue }
            let trouble = try #require(Trouble.all.first { $0.phrase == phrase })
            let text = try trouble.text()
            #expect(text.contains("arcface-tensorrt compare") && text.contains("--precision fp32"), "\(text)")
        }
    }
}
