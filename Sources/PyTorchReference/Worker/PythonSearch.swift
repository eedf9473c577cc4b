/// Finds the first Python that has certain modules.
package struct PythonSearch: Sendable {
    private let surroundings: PythonSurroundings
    private let log: @Sendable (String) -> Void

    package init(
        surroundings: PythonSurroundings = PythonSurroundings(), log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.surroundings = surroundings
        self.log = log
    }

    /// Starts each interpreter until one has all of the modules.
    ///
    /// - Parameter modules: names to import; `torch` comes first.
    /// - Returns: the process, which has said hello.
    /// - Throws: `PyTorchError`: of the first that has torch and lacks another, else `torchMissing`, else `pythonMissing`.
    func process(having modules: [String]) throws(PyTorchError) -> PythonProcess {
        let interpreters = surroundings.interpreters
        var lacking: PyTorchError?
        var failures: [String] = []
        for python in interpreters {
            let process: PythonProcess
            do throws(PyTorchError) {
                process = try PythonProcess(python, surroundings: surroundings, log: log)
            } catch {
                if surroundings.wasNamed { throw error }
                failures.append("\(error)")
                continue
            }
            let missing = modules.filter { !process.hello.modules.contains($0) }
            if missing.isEmpty { return process }
            process.end()
            if missing.first != "torch", lacking == nil { lacking = Self.lacks(missing, in: python) }
        }
        throw lacking ?? noTorch(interpreters, failures)
    }

    /// What the Python has that would run a graph, or else the first with torch.
    ///
    /// - Returns: the interpreter's path, and what it has.
    /// - Throws: `PyTorchError`, if none has torch.
    package func facts() throws(PyTorchError) -> (path: String, facts: PythonFacts) {
        let process: PythonProcess
        do throws(PyTorchError) {
            process = try self.process(having: ["torch", "onnx", "onnx2torch"])
        } catch {
            guard error.code == .converterMissing else { throw error }
            process = try self.process(having: ["torch"])
        }
        defer { process.end() }
        return (process.python, try process.facts(limit: surroundings.loadLimit))
    }

    private static func lacks(_ modules: [String], in python: String) -> PyTorchError {
        PyTorchError(
            .converterMissing, "has torch but not \(modules.joined(separator: " and "))", python: python,
            mend: installing(modules))
    }

    /// The commands that install modules.
    package static func installing(_ modules: [String]) -> String {
        // onnx2torch's requirements would bring another torch.
        modules.map { "pip install \($0 == "onnx2torch" ? "--no-deps " : "")\($0)" }.joined(separator: " && ")
    }

    private func noTorch(_ interpreters: [String], _ failures: [String]) -> PyTorchError {
        let mend = "pip install torch, or name a Python that has it: pytorch.python"
        let tried = surroundings.candidates.joined(separator: ", ")
        if !failures.isEmpty, failures.count == interpreters.count {
            return PyTorchError(.pythonMissing, failures.joined(separator: "; "), mend: mend)
        }
        if interpreters.isEmpty {
            return surroundings.wasNamed
                ? PyTorchError(.pythonMissing, "no such program", python: tried, mend: "check pytorch.python")
                : PyTorchError(.pythonMissing, "no Python was found: \(tried)", mend: mend)
        }
        return PyTorchError(
            .torchMissing, "no torch in \(interpreters.joined(separator: ", "))",
            mend: surroundings.wasNamed ? "install it there: pip install torch" : mend)
    }
}
