internal import Foundation
internal import Glibc

/// Who holds a lock, as that process wrote into the lock file. Only the lock itself counts; this is for messages.
package struct LockHolder: Sendable, Hashable, Codable {
    /// The process's number on its machine.
    package var pid: Int32
    /// The machine's name.
    package var host: String
    /// Since when it has held the lock.
    package var since: UTCTime

    /// This process, from now on.
    package static var here: LockHolder {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return LockHolder(pid: getpid(), host: host, since: .now)
    }

    /// Reads a lock file's bytes; nil for anything but a holder: an empty file, half a line.
    package init?(json: [UInt8]) {
        guard let holder = try? JSONDecoder().decode(LockHolder.self, from: Data(json)) else { return nil }
        self = holder
    }

    private init(pid: Int32, host: String, since: UTCTime) {
        self.pid = pid
        self.host = host
        self.since = since
    }

    /// A lock file's bytes.
    func json() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // Numbers and strings can always be written; without them the lock works as well.
        return ((try? encoder.encode(self)).map(Array.init) ?? []) + [UInt8(ascii: "\n")]
    }
}

extension LockHolder: CustomStringConvertible {
    /// `process 4711 on gpu-3 since 2026-01-31T12:00:00Z`.
    package var description: String { "process \(pid) on \(host) since \(since)" }
}
