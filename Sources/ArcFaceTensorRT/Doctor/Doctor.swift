import Foundation

/// Looks at the machine; nothing is changed.
package enum Doctor {
    /// Examines everything.
    ///
    /// - Parameters:
    ///   - loaded: the configuration, or the error that it gave.
    ///   - search: where NVIDIA's libraries are looked for; nil is where the configuration says.
    /// - Returns: one check a thing, in the order in which people read them.
    package static func examine(
        _ loaded: Result<LoadedConfiguration, ConfigurationError>, search: NVIDIASearch? = nil
    ) -> DoctorReport {
        let configuration = (try? loaded.get().configuration) ?? ArcFaceConfiguration()
        let nvidia = search ?? NVIDIASearch(configuration)
        return DoctorReport(
            checks: [ConfigurationExamination.check(loaded)]
                + LibraryExamination.checks(configuration, nvidia)
                + MachineExamination.checks(configuration.isEnabled ? nvidia : nil)
                + ModelExamination.checks(configuration)
                + PythonExamination.checks(configured: configuration.pyTorch.python))
    }
}

/// The configuration: which file, or what is wrong with it.
enum ConfigurationExamination {
    static func check(_ loaded: Result<LoadedConfiguration, ConfigurationError>) -> DoctorReport.Check {
        switch loaded {
        case .success(let loaded):
            let file = loaded.file.map { "\($0)" } ?? "no file, defaults"
            return DoctorReport.Check("configuration", "settings", .ok, file)
        case .failure(let error):
            let lines = error.description.split(separator: "\n").joined(separator: "; ")
            return DoctorReport.Check("configuration", "settings", .problem, lines)
        }
    }
}
