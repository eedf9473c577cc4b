import CUDADriver
import Glibc
import NativeLibraries

/// Checks of the GPU rooms on a real GPU, for machines without Swift: see `scripts/gpu/run-checks.sh`. Prints one JSON
/// object a line and exits with 1 if a check failed.
@main
struct GPUCheck {
    static func main() {
        var options = CheckOptions()
        var arguments = CommandLine.arguments.dropFirst()
        while let argument = arguments.popFirst() {
            switch argument {
            case "--libcuda": options.libcuda = arguments.popFirst()
            case "--device": options.device = arguments.popFirst().flatMap { Int($0) } ?? 0
            case "--no-timing": options.measuresTime = false
            case "--fault": options.provokesFault = true
            default:
                let usage = "usage: gpu-check [--libcuda FILE] [--device N] [--no-timing] [--fault]\n"
                write(STDERR_FILENO, usage, usage.utf8.count)
                exit(2)
            }
        }
        let report = CheckReport()
        CUDAChecks.run(options, report)
        if !options.provokesFault { TensorRTChecks.run(report) }
        exit(report.hasFailures ? 1 : 0)
    }
}

struct CheckOptions {
    /// A file to use in place of the driver that the loader finds.
    var libcuda: String?
    var device = 0
    var measuresTime = true
    /// Whether only a kernel that breaks the context is run, to see that it is told so.
    var provokesFault = false
}
