import CUDADriver
import Foundation

/// Looks at processor, memory and GPU while a benchmark runs.
final class MachineObserver {
    private let threads: Int
    private let device: CUDADevice?
    private let management: NVML?
    private var clocks: [Int] = []
    private var last: GPUCondition?
    /// What couldn't be told, one line each.
    private(set) var notes: [String] = []

    /// - Parameters:
    ///   - usesGPU: whether a runtime may run on a GPU; no library of NVIDIA's is loaded otherwise.
    ///   - configuration: which GPU, how many threads, and where NVIDIA's libraries are.
    init(usesGPU: Bool, configuration: ArcFaceConfiguration) {
        threads = configuration.onnxRuntime.threadCount
        guard usesGPU else {
            (device, management) = (nil, nil)
            return
        }
        var found: CUDADevice?
        var library: NVML?
        do throws(CUDAError) {
            let driver = try NVIDIASearch(configuration).openDriver()
            found = try driver.device(configuration.tensorRT.gpus.first ?? 0)
            library = driver.managementLibrary
            if library == nil { notes.append("the GPU's clocks and memory aren't recorded: NVML can't be loaded") }
        } catch {
            notes.append("the GPU isn't recorded: \(error)")
        }
        (device, management) = (found, library)
    }

    /// Bytes of memory of this process and its children.
    var residentMemory: Int { ProcessMemory.ofTree() }

    /// Bytes that are used of the GPU's memory, by whomever; nil where it can't be told.
    var gpuMemory: Int? {
        observe()
        return last?.usedMemory
    }

    /// Remembers the clocks of this moment.
    func observe() {
        guard let device, let management else { return }
        do throws(CUDAError) {
            let condition = try management.condition(of: device)
            last = condition
            if let clock = condition.clock { clocks.append(clock) }
        } catch {
            let note = "the GPU's clocks can't be told: \(error)"
            if !notes.contains(note) { notes.append(note) }
        }
    }

    /// The machine, with the clocks seen so far.
    var machine: BenchmarkMachine {
        BenchmarkMachine(
            processor: MachineExamination.processorName, cores: ProcessInfo.processInfo.activeProcessorCount,
            threads: threads, gpu: device.map(gpu))
    }

    private func gpu(_ device: CUDADevice) -> BenchmarkMachine.GPU {
        let sorted = clocks.sorted()
        let version = management.flatMap { library in
            Result { () throws(CUDAError) in try library.driverVersion() }.success
        }
        return BenchmarkMachine.GPU(
            name: device.name, driver: version, memory: device.totalMemory,
            clocks: sorted.isEmpty ? nil : [sorted[0], sorted[sorted.count / 2], sorted[sorted.count - 1]],
            maximumClock: last?.maximumClock, memoryClock: last?.memoryClock)
    }
}

extension Result {
    /// The value, nil after a failure.
    fileprivate var success: Success? {
        if case .success(let value) = self { value } else { nil }
    }
}
