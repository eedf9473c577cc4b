import Foundation

/// Memory that processes hold, as Linux tells it.
enum ProcessMemory {
    /// Resident bytes of this process and of its children's children; shared pages count in each.
    static func ofTree() -> Int {
        var children: [Int: [Int]] = [:]
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for process in entries.compactMap({ Int($0) }) {
            guard let parent = parent(of: process) else { continue }
            children[parent, default: []].append(process)
        }
        var waiting = [Int(getpid())]
        var sum = 0
        while let process = waiting.popLast() {
            sum += resident(process)
            waiting += children[process] ?? []
        }
        return sum
    }

    private static func parent(of process: Int) -> Int? {
        // `PID (NAME) STATE PARENT …`, where the name may hold anything.
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let name = text.lastIndex(of: ")")
        else { return nil }
        return text[name...].split(separator: " ").dropFirst(2).first.flatMap { Int($0) }
    }

    private static func resident(_ process: Int) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
