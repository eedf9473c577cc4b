import Glibc

/// Prints what each check found, as JSON, one line each.
final class CheckReport {
    private(set) var hasFailures = false

    /// A check's finding: a name and a number or text.
    enum Value {
        case text(String)
        case number(Double)
        case numbers([Int])

        var json: String {
            switch self {
            case .text(let text): "\"\(Self.escaped(text))\""
            case .number(let number): number == number.rounded() ? "\(Int(number))" : "\(number)"
            case .numbers(let numbers): "[\(numbers.map(String.init).joined(separator: ", "))]"
            }
        }

        static func escaped(_ text: String) -> String {
            var result = ""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\"", "\\": result += "\\\(scalar)"
                case _ where scalar.value < 0x20: result += " "
                default: result.unicodeScalars.append(scalar)
                }
            }
            return result
        }
    }

    /// What a check that doesn't hold throws.
    struct Mismatch: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs one check and prints its findings, or why it failed.
    func check(_ name: String, _ body: () throws -> [(String, Value)]) {
        do {
            emit(name, isGood: true, try body())
        } catch {
            hasFailures = true
            emit(name, isGood: false, [("error", .text("\(error)"))])
        }
    }

    private func emit(_ name: String, isGood: Bool, _ findings: [(String, Value)]) {
        let fields = [("check", Value.text(name).json), ("ok", isGood ? "true" : "false")]
        let all = fields + findings.map { ($0.0, $0.1.json) }
        print("{" + all.map { "\"\(Value.escaped($0.0))\": \($0.1)" }.joined(separator: ", ") + "}")
        fflush(nil)
    }
}

/// Throws unless the condition holds.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    guard condition else { throw CheckReport.Mismatch(description: message()) }
}
