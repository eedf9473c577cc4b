import Foundation

@testable import PyTorchReference

/// An interpreter that is a shell script, or the system's own with modules that are made up.
final class FakePython {
    private let folder: URL
    /// What stands in for an interpreter.
    var program: String { folder.appending(path: "python").path }

    /// A program of the script's lines.
    init(script: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fake-python-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    }

    /// Python without installed packages, and with modules of these texts.
    convenience init(modules: [String: String] = [:]) throws {
        try self.init(
            script: #"exec \#(Self.python) -I -S -c "import sys; sys.path.append('$(dirname "$0")'); "#
                + #"exec(sys.argv.pop(1))" "$2""#)
        for (name, text) in modules {
            try Data(text.utf8).write(to: folder.appending(path: "\(name).py"))
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Surroundings in which it is the interpreter that the user named.
    var surroundings: PythonSurroundings {
        var surroundings = PythonSurroundings(python: program, helloLimit: 20, loadLimit: 20, callLimit: 20)
        surroundings.packages = []
        return surroundings
    }

    static let python = "/usr/bin/python3"
    static let exists = FileManager.default.isExecutableFile(atPath: python)
}

extension PyTorchNetwork {
    /// A network of no use, for what fails before it is looked at.
    static func any(device: String = "cpu", mode: String = "fp32") -> PyTorchNetwork {
        PyTorchNetwork(source: .graph([1, 2, 3]), device: device, mode: mode, capacity: 2, threads: 1)
    }
}
