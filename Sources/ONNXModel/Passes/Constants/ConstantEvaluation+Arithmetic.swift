import Glibc

/// Operators that compute with real numbers and integers.
extension ConstantEvaluation {
    func cast(_ node: Node, _ data: Tensor) -> Tensor? {
        let target = ElementType(rawValue: Int32(truncatingIfNeeded: node.int("to") ?? 0))
        guard fits(data.dims) else { return nil }
        if target == data.type { return data }
        if let integers = try? data.int64s() {
            if target == .float { return Tensor(name: "", dims: data.dims, floats: integers.map { Float($0) }) }
            return target == .bool ? nil : Tensor.integers(target, data.dims, integers)
        }
        guard let values = try? data.floats() else { return nil }
        if target == .float { return Tensor(name: "", dims: data.dims, floats: values) }
        guard target == .int64 || target == .int32 else { return nil }
        let integers = values.compactMap { Int64(exactly: $0.rounded(.towardZero)) }
        return integers.count == values.count ? Tensor.integers(target, data.dims, integers) : nil
    }

    func computed(_ node: Node, _ first: Tensor, _ arguments: [Tensor?]) -> Tensor? {
        if arguments.count == 1 { return fits(first.dims) ? Self.unary(node.op, first) : nil }
        guard arguments.count == 2, let second = arguments[1], first.type == second.type,
            let dims = Self.broadcast(first.dims, second.dims), fits(dims),
            let left = StridedCopy(broadcasting: first.dims, to: dims).run(first),
            let right = StridedCopy(broadcasting: second.dims, to: dims).run(second)
        else { return nil }
        if first.type == .float, let operation = Self.realOperation(node.op), let left = try? left.floats(),
            let right = try? right.floats()
        {
            return Tensor(name: "", dims: dims, floats: zip(left, right).map(operation))
        }
        if first.type == .int64 || first.type == .int32, let operation = Self.integerOperation(node.op),
            let left = try? left.int64s(), let right = try? right.int64s()
        {
            let values = zip(left, right).compactMap(operation)
            return values.count == left.count ? Tensor.integers(first.type, dims, values) : nil
        }
        return nil
    }

    private static func unary(_ name: String, _ data: Tensor) -> Tensor? {
        let operation: (Float) -> Float
        switch name {
        case "Sqrt": operation = { $0.squareRoot() }
        case "Neg": operation = { -$0 }
        case "Reciprocal": operation = { 1 / $0 }
        case "Exp": operation = { expf($0) }
        case "Abs": operation = { abs($0) }
        default: return nil
        }
        guard data.type == .float, let values = try? data.floats() else { return nil }
        return Tensor(name: "", dims: data.dims, floats: values.map(operation))
    }

    private static func realOperation(_ name: String) -> ((Float, Float) -> Float)? {
        switch name {
        case "Add": { $0 + $1 }
        case "Sub": { $0 - $1 }
        case "Mul": { $0 * $1 }
        case "Div": { $0 / $1 }
        case "Pow": { powf($0, $1) }
        default: nil
        }
    }

    /// Nil results are those that 64 bits can't hold.
    private static func integerOperation(_ name: String) -> ((Int64, Int64) -> Int64?)? {
        func exact(_ result: (partialValue: Int64, overflow: Bool)) -> Int64? {
            result.overflow ? nil : result.partialValue
        }
        switch name {
        case "Add": return { exact($0.addingReportingOverflow($1)) }
        case "Sub": return { exact($0.subtractingReportingOverflow($1)) }
        case "Mul": return { exact($0.multipliedReportingOverflow(by: $1)) }
        case "Div": return { exact($0.dividedReportingOverflow(by: $1)) }
        default: return nil
        }
    }
}
