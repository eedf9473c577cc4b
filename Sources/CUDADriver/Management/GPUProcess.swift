/// A process that holds memory of a GPU.
package struct GPUProcess: Sendable, Hashable, CustomStringConvertible {
    package var pid: Int
    /// Its name, where the process can be seen from here.
    package var name: String?
    /// Bytes of GPU memory; nil where the library can't tell.
    package var byteCount: Int?

    /// `python3 (pid 4711, 70.1 GiB)`.
    package var description: String {
        let facts = ["pid \(pid)"] + (byteCount.map { [ByteSize($0).description] } ?? [])
        return "\(name ?? "a process") (\(facts.joined(separator: ", ")))"
    }
}
