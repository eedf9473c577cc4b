import Testing

@testable import CUDADriver

@Test func placeholder() { #expect(Bool(true)) }
