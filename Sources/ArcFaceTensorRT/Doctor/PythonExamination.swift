import Foundation
import PyTorchReference

/// Python, torch and onnx2torch, which only the PyTorch reference needs.
enum PythonExamination {
    static func checks(configured: String?) -> [DoctorReport.Check] {
        checks(PythonSurroundings(python: configured))
    }

    static func checks(_ surroundings: PythonSurroundings) -> [DoctorReport.Check] {
        let found: (path: String, facts: PythonFacts)
        do throws(PyTorchError) {
            found = try PythonSearch(surroundings: surroundings).facts()
        } catch {
            return absent(error, surroundings.interpreters)
        }
        let facts = found.facts
        let real = facts.executable == found.path ? "" : ", \(facts.executable)"
        return [
            DoctorReport.Check("python", "python3", .ok, "\(facts.python), \(found.path)\(real)"), torch(facts),
            converter(facts, python: found.path),
        ]
    }

    private static func absent(_ error: PyTorchError, _ interpreters: [String]) -> [DoctorReport.Check] {
        if error.code == .pythonMissing, interpreters.isEmpty {
            return [
                DoctorReport.Check(
                    "python", "python3", .absent, "not found",
                    mend: "apt-get install python3, or check pytorch.python, for the PyTorch reference")
            ]
        }
        let place = error.python.map { "\($0): " } ?? ""
        return [
            DoctorReport.Check("python", "python3", .ok, interpreters.joined(separator: ", ")),
            DoctorReport.Check(
                "python", "torch", .absent, place + error.what,
                mend: "\(error.mend ?? "pip install torch"), for the PyTorch reference"),
        ]
    }

    private static func torch(_ facts: PythonFacts) -> DoctorReport.Check {
        let cuda =
            switch (facts.cudaBuild, facts.gpus.isEmpty) {
            case (nil, _): "CPU only"
            case (let version?, true): "CUDA \(version), but no GPU is found"
            case (let version?, false): "CUDA \(version), \(facts.gpus.joined(separator: ", "))"
            }
        let checkpoints = facts.weightsOnly ? "" : ", too old to read checkpoints safely"
        return DoctorReport.Check("python", "torch", .ok, "\(facts.torch), \(cuda)\(checkpoints)")
    }

    private static func converter(_ facts: PythonFacts, python: String) -> DoctorReport.Check {
        let missing = ["onnx", "onnx2torch"].filter { !facts.modules.contains($0) }
        guard !missing.isEmpty else { return DoctorReport.Check("python", "onnx2torch", .ok, "installed, with onnx") }
        return DoctorReport.Check(
            "python", "onnx2torch", .absent, "\(python) lacks \(missing.joined(separator: " and "))",
            mend: "\(PythonSearch.installing(missing)), to run ONNX models in PyTorch")
    }
}
