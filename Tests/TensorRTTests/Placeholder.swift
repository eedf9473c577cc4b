import Testing

@testable import TensorRT

@Test func placeholder() { #expect(Bool(true)) }
