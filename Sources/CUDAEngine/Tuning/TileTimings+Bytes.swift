internal import Digests

/// The file of timings: lines of tab-separated fields, the last of which is the digest of all before.
extension TileTimings {
    private static let heading = "arcface-tensorrt tile timings 1"

    /// The file's bytes; equal timings give equal bytes.
    package var bytes: [UInt8] {
        var lines = [
            Self.heading, "gpu\t\(setting.gpu)", "sm\t\(setting.sm)", "compiler\t\(setting.compiler)",
            "kernels\t\(setting.kernels)",
        ]
        lines += outcomes.map { key, outcome in
            let macros = key.variant.macros.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            let time =
                switch outcome {
                case .took(let microseconds): "\(microseconds)"
                case .unusable: "-"
                }
            return "time\t\(key.batch)\t\(key.variant.source)\t\(macros)\t\(time)"
        }.sorted()
        let text = lines.joined(separator: "\n") + "\n"
        return Array("\(text)digest\t\(Digest.of(text).hex)\n".utf8)
    }

    /// Reads a file.
    ///
    /// - Returns: nil for anything but a whole file of this format.
    package init?(_ bytes: [UInt8]) {
        // `digest`, a tab, 64 digits, a newline.
        let bytes = bytes[...]
        guard bytes.count > 72, let body = String(validating: bytes.dropLast(72), as: UTF8.self),
            bytes.suffix(72).elementsEqual("digest\t\(Digest.of(body).hex)\n".utf8)
        else { return nil }
        let lines = body.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        guard lines.count >= 5, lines[0] == [Self.heading[...]] else { return nil }
        var facts: [String: String] = [:]
        for line in lines[1..<5] where line.count == 2 { facts[String(line[0])] = String(line[1]) }
        guard let gpu = facts["gpu"], let sm = facts["sm"].flatMap({ Int($0) }), let compiler = facts["compiler"],
            let kernels = facts["kernels"]
        else { return nil }
        setting = Setting(gpu: gpu, sm: sm, compiler: compiler, kernels: kernels)
        for line in lines[5...] {
            guard let (key, outcome) = Self.entry(line) else { return nil }
            outcomes[key] = outcome
        }
    }

    private static func entry(_ fields: [Substring]) -> (Key, Outcome)? {
        guard fields.count == 5, fields[0] == "time", let batch = Int(fields[1]) else { return nil }
        var macros: [KernelVariant.Macro] = []
        for text in fields[3].split(separator: " ") {
            guard let equals = text.firstIndex(of: "=") else { return nil }
            macros.append(
                KernelVariant.Macro(name: String(text[..<equals]), value: String(text[text.index(after: equals)...])))
        }
        let key = Key(batch: batch, variant: KernelVariant(source: String(fields[2]), macros: macros))
        if fields[4] == "-" { return (key, .unusable) }
        guard let time = Double(fields[4]), time.isFinite, time > 0 else { return nil }
        return (key, .took(time))
    }
}
