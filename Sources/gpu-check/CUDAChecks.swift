import CUDADriver
import NativeLibraries

/// What the driver room claims, on a real GPU.
enum CUDAChecks {
    static func run(_ options: CheckOptions, _ report: CheckReport) {
        var opened: CUDADriver?
        report.check("driver") {
            let driver = try CUDADriver(search: .cuda(path: options.libcuda, source: "--libcuda"))
            opened = driver
            let own = try driver.managementLibrary?.driverVersion()
            return [
                ("path", .text(driver.path)), ("cuda", .text("\(driver.version)")),
                ("driver_version", .text(own ?? "unknown (no NVML)")),
            ]
        }
        guard let driver = opened else { return }
        var found: CUDADevice?
        report.check("device") {
            let device = try driver.device(options.device)
            found = device
            return describe(device)
        }
        guard let device = found else { return }
        if options.provokesFault {
            report.check("fault") { try fault(on: CUDAContext(on: device, of: driver)) }
            return
        }
        runAll(on: device, of: driver, options, report)
        report.check("nothing failed while it was freed") {
            try expect(driver.unthrownErrors.isEmpty, "\(driver.unthrownErrors)")
            return []
        }
    }

    private static func runAll(
        on device: CUDADevice, of driver: CUDADriver, _ options: CheckOptions, _ report: CheckReport
    ) {
        var held: CUDAContext?
        report.check("context") {
            let context = try CUDAContext(on: device, of: driver)
            held = context
            let memory = try context.memory()
            return [("free_bytes", .number(Double(memory.free))), ("total_bytes", .number(Double(memory.total)))]
        }
        guard let context = held else { return }
        report.check("copies") { try copies(on: context) }
        report.check("kernel") { try kernel(on: context) }
        report.check("refusals") { try refusals(on: context) }
        report.check("graph") { try graph(on: context) }
        report.check("many threads") { try threads(on: context) }
        report.check("out of memory") { try outOfMemory(on: context) }
        if device.computeCapability >= ComputeCapability(9, 0) {
            report.check("clusters and overlap") { try clusters(on: context) }
            report.check("tensor map") { try tensorMap(on: context) }
        }
        guard options.measuresTime else { return }
        report.check("timing: copies") { try copySpeeds(on: context) }
        report.check("timing: launches") { try launchCosts(on: context) }
    }

    private static func describe(_ device: CUDADevice) -> [(String, CheckReport.Value)] {
        [
            ("name", .text(device.name)), ("compute_capability", .text("\(device.computeCapability)")),
            ("uuid", .text(device.uuid)), ("pci", .text(device.pciBusID)),
            ("memory_bytes", .number(Double(device.totalMemory))),
            ("multiprocessors", .number(Double(device.multiprocessorCount))),
            ("shared_per_block", .number(Double(device.maxSharedMemoryPerBlock))),
            ("shared_per_multiprocessor", .number(Double(device.sharedMemoryPerMultiprocessor))),
            ("l2_bytes", .number(Double(device.l2CacheSize))),
            ("clusters", .text(device.supportsClusters ? "yes" : "no")),
        ]
    }

    /// Runs `body` and gives the error that it has to throw.
    static func failure(_ what: String, _ body: () throws -> Void) throws -> CUDAError {
        do {
            try body()
        } catch let error as CUDAError {
            return error
        }
        throw CheckReport.Mismatch(description: "\(what) was taken")
    }
}
