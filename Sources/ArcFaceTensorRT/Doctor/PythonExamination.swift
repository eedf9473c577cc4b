import Foundation

/// Python and torch, which only the PyTorch reference needs.
enum PythonExamination {
    /// Long enough for a cold import of torch from a slow disk.
    private static let timeout = 60.0

    static func checks(configured: String?) -> [DoctorReport.Check] {
        let candidates = configured.map { [$0] } ?? [".deps/venv/bin/python", "python3", "/usr/bin/python3"]
        let installed = candidates.compactMap { name in interpreter(name) }
        guard let first = installed.first else {
            return [
                DoctorReport.Check(
                    "python", "python3", .absent, "not found",
                    mend: "apt-get install python3, for the PyTorch reference")
            ]
        }
        let torch = installed.lazy.compactMap { path in version(of: path).map { (path, $0) } }.first
        guard let (path, version) = torch else {
            return [
                DoctorReport.Check("python", "python3", .ok, first),
                DoctorReport.Check(
                    "python", "torch", .absent, "no Python of \(installed.joined(separator: ", ")) imports it",
                    mend: "pip install torch, for the PyTorch reference"),
            ]
        }
        return [
            DoctorReport.Check("python", "python3", .ok, path), DoctorReport.Check("python", "torch", .ok, version),
        ]
    }

    /// The path of an interpreter that exists, looked up on `PATH` if it is a bare name.
    private static func interpreter(_ name: String) -> String? {
        if name.contains("/") { return FileManager.default.isExecutableFile(atPath: name) ? name : nil }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile)
    }

    private static func version(of python: String) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [
            "-c", "import torch; print(torch.__version__, 'with CUDA' if torch.cuda.is_available() else 'CPU only')",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let deadline = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + timeout, execute: deadline)
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        deadline.cancel()
        return process.terminationStatus == 0 ? text.trimmingCharacters(in: .whitespacesAndNewlines) : nil
    }
}
