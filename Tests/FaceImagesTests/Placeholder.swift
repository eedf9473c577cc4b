import Testing

@testable import FaceImages

@Test func placeholder() { #expect(Bool(true)) }
