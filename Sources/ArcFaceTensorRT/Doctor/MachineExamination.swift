import CUDADriver
import Foundation

/// The processor and the GPUs.
enum MachineExamination {
    /// The instruction sets that runtimes make use of, by the kernel's names.
    private static let features = [
        "avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimd", "asimdhp", "asimddp", "sve",
    ]

    /// - Parameter search: where the driver is looked for; nil if no NVIDIA library may be loaded.
    /// - Returns: one check a thing.
    static func checks(_ search: NVIDIASearch?) -> [DoctorReport.Check] {
        [processor(), gpu(search)]
    }

    private static func processor() -> DoctorReport.Check {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let flags = Set((value(["flags", "Features"]) ?? "").split(separator: " ").map(String.init))
        let found = features.filter(flags.contains)
        let extensions = found.isEmpty ? "no known vector extensions" : found.joined(separator: " ")
        return DoctorReport.Check(
            "machine", "CPU", .ok, "\(processorName), \(cores) core\(cores == 1 ? "" : "s"), \(extensions)")
    }

    /// The processor's name.
    static var processorName: String { value(["model name"]) ?? "processor" }

    /// The first value in `/proc/cpuinfo` that goes by one of the names.
    private static func value(_ names: [String]) -> String? {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1) }
            .first { names.contains($0[0].trimmingCharacters(in: .whitespaces)) && $0.count == 2 }
            .map { $0[1].trimmingCharacters(in: .whitespaces) }
    }

    /// The GPUs as the driver tells of them; with the product switched off, as the kernel does.
    private static func gpu(_ search: NVIDIASearch?) -> DoctorReport.Check {
        guard let search else { return kernelsGPUs() }
        do throws(CUDAError) {
            let driver = try search.openDriver()
            let gpus = try driver.devices().map { device in
                "\(device) \(device.computeCapability.smName), \(ByteSize(device.totalMemory))"
            }
            let version = (try? driver.managementLibrary?.driverVersion()).map { "driver \($0), " } ?? ""
            guard !gpus.isEmpty else {
                return absentGPU("the driver offers no GPU", mend: "look at `nvidia-smi` and CUDA_VISIBLE_DEVICES")
            }
            return DoctorReport.Check(
                "machine", "GPU", .ok, "\(gpus.joined(separator: "; ")); \(version)CUDA \(driver.version)")
        } catch {
            guard error.code != .libraryUnavailable else { return kernelsGPUs() }
            return absentGPU(error.what, mend: error.mend.isEmpty ? nil : error.mend)
        }
    }

    private static func absentGPU(_ what: String, mend: String?) -> DoctorReport.Check {
        DoctorReport.Check("machine", "GPU", .absent, what, mend: mend)
    }

    private static func kernelsGPUs() -> DoctorReport.Check {
        let driver = try? String(contentsOfFile: "/proc/driver/nvidia/version", encoding: .utf8)
        guard let driver else {
            return absentGPU("no NVIDIA driver is loaded", mend: "install NVIDIA's driver, for GPUs")
        }
        let folder = "/proc/driver/nvidia/gpus"
        let gpus = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let names = gpus.compactMap { gpu -> String? in
            let text = try? String(contentsOfFile: "\(folder)/\(gpu)/information", encoding: .utf8)
            let model = text?.split(separator: "\n").first { $0.hasPrefix("Model:") }
            return model?.dropFirst("Model:".count).trimmingCharacters(in: .whitespaces)
        }
        let version = driver.split(separator: " ").first { $0.contains(".") && ($0.first?.isNumber ?? false) } ?? "?"
        return DoctorReport.Check(
            "machine", "GPU", .ok,
            "\(names.isEmpty ? "\(gpus.count) GPUs" : names.joined(separator: ", ")), driver \(version)")
    }
}
