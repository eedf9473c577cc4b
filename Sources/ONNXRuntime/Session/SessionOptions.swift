/// How a model is loaded and run.
package struct SessionOptions: Sendable {
    package enum Device: Sendable, Hashable, CustomStringConvertible {
        case cpu
        /// An NVIDIA GPU by its CUDA ordinal, through ONNX Runtime's CUDA provider; what it can't run falls to the CPU.
        case cuda(ordinal: Int)

        package var description: String {
            switch self {
            case .cpu: "cpu"
            case .cuda(let ordinal): "cuda:\(ordinal)"
            }
        }
    }

    package enum GraphOptimization: Int32, Sendable {
        case none = 0
        case basic = 1
        case extended = 2
        case all = 99
    }

    /// More threads than this are refused: ONNX Runtime would try to start them all.
    package static let maximumThreads = 1024

    /// The session's name in errors and log records.
    package var name: String
    package var device: Device
    /// Threads that share the work of one graph node, the calling one included; 0 for one for each core. With 1, no
    /// thread is made, and runs called from several threads scale by themselves. At most `maximumThreads`.
    package var intraOpThreads: Int
    /// Threads that run independent branches of a graph at once; 1 runs node after node, 0 is one for each core. At
    /// most `maximumThreads`.
    package var interOpThreads: Int
    package var graphOptimization: GraphOptimization
    /// Whether idle threads burn their core while they wait for the next node; a little faster alone, much slower
    /// beside other work.
    package var allowSpinning: Bool
    /// Whether memory is kept between runs: the most that the runs needed at once. Without it every run pays for fresh
    /// pages: a quarter to twice the time more.
    package var memoryArena: Bool
    /// Whether ONNX Runtime plans one block for all of a run's memory and keeps a plan for each input shape that it has
    /// seen. Plans are never dropped, so memory grows without end where shapes keep changing; for fixed shapes no gain
    /// was measured.
    package var memoryPattern: Bool
    /// Whether the arena gives unused memory back after each run. Keeps a process small between runs of many sizes, at
    /// more than twice the time.
    package var arenaShrinkage: Bool
    /// Whether numbers too small for a normalised float count as zero.
    package var denormalsAsZero: Bool
    /// Records below this aren't logged.
    package var logSeverity: ONNXRuntimeLogSeverity
    /// Further session configuration entries by ONNX Runtime's own keys.
    package var configuration: [String: String]
    /// Further options of the CUDA provider by ONNX Runtime's own keys, `device_id` excepted.
    package var cudaConfiguration: [String: String]

    package init(
        name: String,
        device: Device = .cpu,
        intraOpThreads: Int = 1,
        interOpThreads: Int = 1,
        graphOptimization: GraphOptimization = .all,
        allowSpinning: Bool = false,
        memoryArena: Bool = true,
        memoryPattern: Bool = false,
        arenaShrinkage: Bool = false,
        denormalsAsZero: Bool = false,
        logSeverity: ONNXRuntimeLogSeverity = .warning,
        configuration: [String: String] = [:],
        cudaConfiguration: [String: String] = [:]
    ) {
        self.name = name
        self.device = device
        self.intraOpThreads = intraOpThreads
        self.interOpThreads = interOpThreads
        self.graphOptimization = graphOptimization
        self.allowSpinning = allowSpinning
        self.memoryArena = memoryArena
        self.memoryPattern = memoryPattern
        self.arenaShrinkage = arenaShrinkage
        self.denormalsAsZero = denormalsAsZero
        self.logSeverity = logSeverity
        self.configuration = configuration
        self.cudaConfiguration = cudaConfiguration
    }
}
