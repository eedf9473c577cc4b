import Testing

@testable import ArcFaceTensorRT

@Test func placeholder() { #expect(Bool(true)) }
