internal import Digests
internal import EngineStore

/// The keys of a bucket, below its prefix. Engines that share a friendly name share a folder of that name:
///
///     arcface_r100-fp16-sm86/{identity}.json   a manifest, under the digest of what makes its engine another than its namesakes
///     arcface_r100-fp16-sm86/{sha256}.plan     a plan, under its own digest
///     arcface_r100-fp16-sm86/{wish}.lock       who builds, under the digest of what is wanted
///
/// A plan is written before the manifest that names it, and its key says what it is: no reader ever meets a manifest beside
/// another engine's plan, whoever writes at the same time.
enum BucketKey: Equatable {
    case manifest(EngineName, identity: Digest)
    case plan(EngineName, sha256: Digest)
    case lock(EngineName, wish: Digest)

    /// Reads a key without its prefix; nil for anything else, `..` and odd spellings among it.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let name = try? EngineName(fileName: parts[0] + EngineName.suffix),
            let dot = parts[1].firstIndex(of: "."), let digest = Digest(hex: String(parts[1][..<dot]))
        else { return nil }
        switch parts[1][dot...] {
        case ".json": self = .manifest(name, identity: digest)
        case ".plan": self = .plan(name, sha256: digest)
        case ".lock": self = .lock(name, wish: digest)
        default: return nil
        }
        // One spelling for each.
        guard self.text == text else { return nil }
    }

    /// The key without its prefix.
    var text: String {
        switch self {
        case .manifest(let name, let digest): "\(Self.folder(name))\(digest.hex).json"
        case .plan(let name, let digest): "\(Self.folder(name))\(digest.hex).plan"
        case .lock(let name, let digest): "\(Self.folder(name))\(digest.hex).lock"
        }
    }

    private static func folder(_ name: EngineName) -> String {
        "\(name.fileName.dropLast(EngineName.suffix.count))/"
    }
}
