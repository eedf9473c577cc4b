import Testing

@testable import EngineStore

@Test func placeholder() { #expect(Bool(true)) }
