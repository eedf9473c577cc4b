import EngineStore
import Foundation

/// What was measured while building, kept for the next build: it saves minutes and makes builds repeatable.
struct TimingCacheFile {
    let path: String
    private let tools: any EngineTools

    /// Larger than any cache by far.
    private static let largest = 1 << 30

    /// The file that was named, or the one for this library and GPU in the folder of engines, if the runtime keeps one.
    init?(named path: String?, folder: String, machine: EngineMachine) {
        tools = machine.tools
        if let path {
            self.path = path
        } else {
            guard let name = machine.tools.timingCacheName(on: machine.gpus) else { return nil }
            self.path = (folder as NSString).appendingPathComponent(name)
        }
    }

    /// The cache; nil if there is none yet.
    ///
    /// - Throws: `ArcFaceError` if it is there and can't be read.
    func read() throws(ArcFaceError) -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            guard attributes[.type] as? FileAttributeType == .typeRegular,
                let size = attributes[.size] as? NSNumber, size.intValue <= Self.largest
            else {
                throw ArcFaceError(
                    .inputMissing, "this is no timing cache", at: path, mend: "name another --timing-cache")
            }
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch let error as ArcFaceError {
            throw error
        } catch {
            throw ArcFaceError(
                .inputMissing, "the timing cache can't be read: \(error.localizedDescription)", at: path,
                mend: "check its permissions, or name another --timing-cache")
        }
    }

    /// Replaces the file in one step, with what another build has added to it meanwhile.
    ///
    /// - Returns: why that failed, nil if it didn't: an engine without a cache is still an engine.
    func write(_ bytes: [UInt8]) -> String? {
        guard !bytes.isEmpty else { return nil }
        do {
            let (folder, name) = ((path as NSString).deletingLastPathComponent, (path as NSString).lastPathComponent)
            return try FileLock.holding((folder as NSString).appendingPathComponent(".\(name).lock")) {
                // One that can't be read is replaced.
                let other = (try? read()) ?? []
                try Data(tools.merged(timingCache: bytes, over: other)).write(
                    to: URL(fileURLWithPath: path), options: .atomic)
                return nil
            }
        } catch {
            return "the timing cache \(path) can't be written: \(error.localizedDescription)"
        }
    }
}
