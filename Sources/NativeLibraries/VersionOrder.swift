/// The order of names that hold version numbers: `python3.9` before `python3.11`, `lib.so.1.9` before `lib.so.1.32`.
enum VersionOrder {
    static func precedes(_ left: String, _ right: String) -> Bool {
        let (a, b) = (numbers(in: left), numbers(in: right))
        return a == b ? left < right : a.lexicographicallyPrecedes(b)
    }

    /// Whether `file` is `name`, a dot, and digits and dots only.
    static func isVersioned(_ file: String, of name: String) -> Bool {
        guard file.hasPrefix(name + ".") else { return false }
        let rest = file.dropFirst(name.count + 1)
        return !rest.isEmpty && rest.allSatisfy { $0 == "." || ("0"..."9").contains($0) }
    }

    private static func numbers(in name: String) -> [Int] {
        name.split { !("0"..."9").contains($0) }.map { Int($0) ?? Int.max }
    }
}
