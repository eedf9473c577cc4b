import Testing

@testable import ArcFaceTensorRT

@Suite struct SuggestionTests {
    private let names = ["backend", "fallback", "require_gpu", "precision"]

    @Test(arguments: [
        ("bakend", "backend"), ("backedn", "backend"), ("BACKEND", "backend"), ("falback", "fallback"),
        ("require-gpu", "require_gpu"), ("requireGPU", "require_gpu"), ("precison", "precision"),
    ])
    func `a slip has a suggestion`(word: String, name: String) {
        #expect(Suggestion.nearest(to: word, in: names) == name)
    }

    @Test(arguments: ["", "xyz", "workspace", String(repeating: "backend", count: 100)])
    func `something else has none`(word: String) {
        #expect(Suggestion.nearest(to: word, in: names) == nil)
    }
}
