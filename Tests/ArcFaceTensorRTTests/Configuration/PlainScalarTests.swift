import Testing

@testable import ArcFaceTensorRT

@Suite struct PlainScalarTests {
    @Test(arguments: [
        ("", PlainScalar.null), ("~", .null), ("NULL", .null), ("nULL", .text("nULL")),
        ("yes", .boolean(true)), ("Off", .boolean(false)), ("oFF", .text("oFF")), ("y", .text("y")),
        ("0", .integer(0)), ("-7", .integer(-7)), ("+7", .integer(7)), ("100_000_000", .integer(100_000_000)),
        ("010", .text("010")), ("1:30", .text("1:30")), ("0x10", .text("0x10")), ("_1", .text("_1")),
        ("1_", .text("1_")), ("١", .text("١")), ("1 2", .text("1 2")), ("-", .text("-")), ("1e", .text("1e")),
        (".5", .number(0.5)), ("5.", .number(5)), ("-0.25", .number(-0.25)), ("1e-3", .number(0.001)),
        ("1.5E+2", .number(150)), (".", .text(".")), ("1.2.3", .text("1.2.3")), ("-.inf", .number(-.infinity)),
        ("inf", .text("inf")), ("nan", .text("nan")), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
    ])
    func `a scalar is what YAML 1.1 and 1.2 agree on`(text: String, scalar: PlainScalar) {
        #expect(PlainScalar(text) == scalar)
    }
}
