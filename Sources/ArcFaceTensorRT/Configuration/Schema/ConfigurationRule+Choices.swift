extension ConfigurationRule {
    /// One of the cases of an enumeration, spelled as its raw value.
    static func choice(
        of choices: [Value] = Array(Value.allCases)
    ) -> Self where Value: CaseIterable & RawRepresentable<String> & Equatable {
        let names = choices.map(\.rawValue)
        let list = names.joined(separator: ", ")
        let check: @Sendable (Value, Int?) throws(ValueProblem) -> Void = { value, line throws(ValueProblem) in
            if !names.contains(value.rawValue) {
                throw .impossible(
                    value.rawValue, wanted: "one of \(list)", mend: "choose one of them", line: line)
            }
        }
        return Self(
            type: "one of", allowed: list,
            read: { raw throws(ValueProblem) in
                let text: String
                switch raw.content {
                case .plain(let word), .quoted(let word), .argument(let word): text = word
                case .list, .mapping, .tagged:
                    throw .wrongType(raw, wanted: "one of \(list)", mend: "write one of these words")
                }
                if names.contains(text), let value = Value(rawValue: text) { return value }
                let nearest = Suggestion.nearest(to: text, in: names)
                let mend = nearest.map { "did you mean \($0)?" } ?? "choose one of them"
                throw .impossible(text.quotedForMessage, wanted: "one of \(list)", mend: mend, line: raw.line)
            },
            check: check, show: { .text($0.rawValue) })
    }

    /// A list whose elements each follow `rule`, of a length in `count`.
    static func list<Element>(
        of rule: ConfigurationRule<Element>, count: ClosedRange<Int>
    ) -> Self where Value == [Element] {
        let wanted = "a list of \(count.lowerBound) to \(count.upperBound) values"
        let checkCount: @Sendable (Int, Int?) throws(ValueProblem) -> Void = { found, line throws(ValueProblem) in
            if !count.contains(found) {
                let mend = found < count.lowerBound ? "add one, or leave the key out" : "remove some"
                throw .impossible("a list of \(found)", wanted: wanted, mend: mend, line: line)
            }
        }
        return Self(
            type: "list of \(count.lowerBound) to \(count.upperBound) values, each",
            allowed: rule.expectation,
            read: { raw throws(ValueProblem) in
                guard let elements = raw.elements else {
                    throw .wrongType(raw, wanted: wanted, mend: "write it like [a, b]")
                }
                try checkCount(elements.count, raw.line)
                var values: [Element] = []
                for element in elements {
                    if element.isUnset {
                        throw .wrongType(element, wanted: rule.expectation, mend: "remove the empty element")
                    }
                    let value = try rule.read(element)
                    try rule.check(value, element.line)
                    values.append(value)
                }
                return values
            },
            check: { values, line throws(ValueProblem) in
                try checkCount(values.count, line)
                for value in values { try rule.check(value, line) }
            },
            show: { .list($0.map(rule.show)) })
    }
}
