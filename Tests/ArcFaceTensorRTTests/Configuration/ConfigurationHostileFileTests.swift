import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite struct ConfigurationHostileFileTests {
    /// Anchors a0…aN, each a list of `width` aliases to the one before.
    private static func bomb(depth: Int, width: Int, leaf: String = "x") -> String {
        var text = "a0: &a0 [\(leaf)]\n"
        for level in 1...depth {
            let aliases = Array(repeating: "*a\(level - 1)", count: width).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        return text
    }

    @Test func `anchors, aliases and merge keys work`() throws {
        let yaml = """
            comparison: &limits
              min_cosine_worst: 0.97
              warn_cosine_worst: 0.95
            benchmark: { batch_sizes: [&n 4, 16] }
            tensorrt: { max_batch_size: *n }
            """
        let it = try ConfigurationFolder().load(yaml).configuration
        #expect(it.tensorRT.maxBatchSize == 4)
        let merged = yaml.replacing("batch_sizes", with: "<<: { batch_sizes: [1] }, batch_sizes")
        #expect(try ConfigurationFolder().load(merged).configuration.benchmark.batchSizes == [4, 16])
        let only = "benchmark:\n  <<: [{ batch_sizes: [7] }, { batch_sizes: [9] }]"
        #expect(try ConfigurationFolder().load(only).configuration.benchmark.batchSizes == [7])
    }

    @Test func `an alias bomb is refused before it unfolds`() throws {
        #expect(
            try ConfigurationFolder().errors(Self.bomb(depth: 20, width: 3)) == [
                "c.yaml: aliases unfold into more than 200000 values (write the values out)"
            ])
        #expect(
            try ConfigurationFolder().errors(Self.bomb(depth: 9, width: 9)) == [
                "c.yaml: aliases unfold into more than 200000 values (write the values out)"
            ])
    }

    @Test func `many aliases in a plain file are fine`() throws {
        let folder = try ConfigurationFolder()
        let stages = (0..<2000).map { "  - { name: stage\($0), limits: *limits }\n" }.joined()
        try folder.write("limits: &limits { memory: 1 }\nstages:\n\(stages)embedding: { backend: cuda }", to: "p.yaml")
        #expect(folder.errors(pipelineFile: "p.yaml").isEmpty)
    }

    @Test(arguments: ["*a20 : 1\n", "? *a20\n: 1\n", "{[*a20]: 1}: 2\n", "? - *a20\n: 1\n"])
    func `an alias bomb as a key is refused before it is hashed`(key: String) throws {
        let yaml = Self.bomb(depth: 20, width: 2) + key
        #expect(
            try ConfigurationFolder().errors(yaml) == [
                "c.yaml: there are more than 8 aliases (*name) beside a list or mapping as a key (write the values out)"
            ])
    }

    @Test func `deep nesting is refused`() throws {
        for yaml in [String(repeating: "[", count: 500_000), String(repeating: "- ", count: 400_000)] {
            let errors = try ConfigurationFolder().errors(yaml)
            #expect(errors.count == 1)
            #expect(errors.first?.contains("nesting level") ?? false, "\(errors)")
        }
    }

    /// Values named by aliases, each nested deeply around the one before.
    private static func tower(aliases: Int) -> String {
        let open = String(repeating: "[", count: 950)
        let close = String(repeating: "]", count: 950)
        return "a0: &a0 \(open)x\(close)\n"
            + (1...aliases).map { "a\($0): &a\($0) \(open)*a\($0 - 1)\(close)\n" }.joined()
    }

    /// Each alias adds nesting that the parser doesn't count. Freeing it must not exhaust the stack, also after an error.
    @Test(arguments: ["", "broken: ["])
    func `nesting built by aliases is bounded`(ending: String) throws {
        let allowed = try ConfigurationFolder().errors(Self.tower(aliases: 16) + ending)
        #expect(allowed.count == (ending.isEmpty ? 17 : 1))
        #expect(
            try ConfigurationFolder().errors(Self.tower(aliases: 300) + ending) == [
                "c.yaml: there are more than 16 aliases (*name) and 20000 values (write the values out)"
            ])
    }

    @Test func `deep nesting where a value or a merge is wanted is an error like any other`() throws {
        let deep = Self.tower(aliases: 16)
        let errors = try ConfigurationFolder().errors(deep + "benchmark: { batch_sizes: *a16 }\nembedding: *a16\n")
        #expect(errors.contains { $0.contains("benchmark.batch_sizes: found a list, wanted a whole number from 1") })
        #expect(errors.contains { $0.contains("embedding: found a list, wanted keys with values") })
        let open = String(repeating: "{<<: ", count: 950)
        let close = String(repeating: "}", count: 950)
        let merges = "embedding: \(open){ backend: cuda }\(close)"
        #expect(try ConfigurationFolder().errors(merges).first?.contains("embedding.<<: there is no such key") == true)
    }

    @Test func `a file of more than 1 MiB is refused`() throws {
        let yaml = String(repeating: "#", count: 1 << 20)
        #expect(try ConfigurationFolder().errors(yaml).isEmpty)
        #expect(
            try ConfigurationFolder().errors(yaml + "#") == [
                "c.yaml: the file is larger than 1048576 bytes (name a configuration file)"
            ])
        let folder = try ConfigurationFolder()
        let endless = folder.errors(file: "/dev/zero")
        #expect(endless == ["/dev/zero: the file is larger than 1048576 bytes (name a configuration file)"])
    }

    @Test func `thousands of errors are cut short`() throws {
        let yaml = (0..<40_000).map { "key\($0): 1\n" }.joined()
        #expect(try ConfigurationFolder().errors(yaml).count == 50)
    }

    @Test func `an error is one short line whatever the file holds`() throws {
        let name = String(repeating: "k", count: 900)
        let yaml = "embedding:\n  backend: \"a\\nb\\e[31m\(name)\"\n\"x\\ny\": 1\n\(name): 2\n"
        let errors = try ConfigurationFolder().errors(yaml)
        #expect(errors.count == 3)
        #expect(errors.allSatisfy { $0.count < 320 && !$0.contains("\u{1b}") })
    }

    /// Every beginning of the sample, and every sample with one byte changed, loads or gives an error with a place.
    @Test func `damaged files never crash`() throws {
        let folder = try ConfigurationFolder()
        let bytes = Array(ConfigurationReference.sampleYAML().utf8)
        var random = SeededGenerator(seed: 112)
        for trial in 0..<1000 {
            var damaged = bytes
            if trial.isMultiple(of: 2) {
                damaged.removeSubrange(Int.random(in: 0..<bytes.count, using: &random)...)
            } else {
                for _ in 0..<3 { damaged[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255) }
            }
            try folder.write(Data(damaged), to: "c.yaml")
            let errors = folder.errors(file: "c.yaml")
            #expect(errors.allSatisfy { $0.hasPrefix("c.yaml:") }, "\(errors), \(Data(damaged).base64EncodedString())")
        }
    }
}
