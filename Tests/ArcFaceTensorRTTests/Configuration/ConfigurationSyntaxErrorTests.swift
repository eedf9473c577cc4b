import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite struct ConfigurationSyntaxErrorTests {
    @Test(arguments: [
        ("embedding:\n\tbackend: cuda", "c.yaml:2:1: a tab can't indent YAML (indent with spaces)"),
        ("embedding:\n  \tbackend: cuda\n", "c.yaml:2:3: a tab can't indent YAML (indent with spaces)"),
        (
            "embedding: { backend: cuda\ntensorrt: 1",
            "c.yaml:2:9: not YAML: did not find expected ',' or '}' (while parsing a flow mapping from line 1)"
                + " (correct the syntax here or just above)"
        ),
        (
            "embedding: \"cuda",
            "c.yaml:1:17: not YAML: found unexpected end of stream (while scanning a quoted scalar from line 1)"
                + " (correct the syntax here or just above)"
        ),
        (
            "a: 1\n---\nb: 2\n",
            "c.yaml:2:1: a second YAML document starts here (keep one document in the file)"
        ),
        ("a: *b\n", "c.yaml:1:4: not YAML: found undefined alias (correct the syntax here or just above)"),
        (
            "embedding:\n  backend: cuda\n\n  # again\n  backend: auto\n",
            "c.yaml:5: embedding.backend: the key is on line 2 already (remove one of them)"
        ),
        (
            "embedding:\n  require_gpu: true\ntensorrt:\n  precision: fp16\nembedding:\n  backend: auto\n",
            "c.yaml:5: embedding: the key is on line 1 already (remove one of them)"
        ),
        (
            "embedding: { backend: cuda, backend: auto }\n",
            "c.yaml:1: backend: the key is there twice (remove one of them)"
        ),
        (
            "a: 1\nb: \u{7}\n",
            "c.yaml:2: not YAML: control characters are not allowed (remove the control character)"
        ),
        ("embedding: !<tag", "c.yaml:1:17: not YAML: did not find the expected '>' (while scanning a tag from line 1)"),
    ])
    func `text that isn't YAML is refused with line and column`(yaml: String, error: String) throws {
        let errors = try ConfigurationFolder().errors(yaml)
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix(error) ?? false, "\(errors)")
    }

    @Test func `text that isn't UTF-8 is refused with its line`() throws {
        let folder = try ConfigurationFolder()
        try folder.write(Data("a: 1\nb: \"".utf8) + [0xff, 0xfe] + Data("\"\n".utf8), to: "c.yaml")
        let errors = folder.errors(file: "c.yaml")
        #expect(errors == ["c.yaml:2: the text is not UTF-8 (save the file as UTF-8)"])
    }

    @Test func `a folder is no configuration file`() throws {
        let folder = try ConfigurationFolder()
        let errors = folder.errors(file: folder.path)
        #expect(
            errors == ["\(folder.path): the file can't be read: Is a directory (check the path and its permissions)"])
    }

    @Test func `lines are right with Windows line ends and a byte order mark`() throws {
        let errors = try ConfigurationFolder().errors("\u{feff}embedding:\r\n  backend: cuda\r\n  bakend: auto\r\n")
        #expect(
            errors == ["c.yaml:3: embedding.bakend: there is no such key (did you mean embedding.backend?)"])
    }
}
