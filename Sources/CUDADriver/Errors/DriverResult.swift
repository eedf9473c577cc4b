/// What a result of the driver means to us. Numbers and meanings as in the public documentation of `CUresult`.
struct DriverResult: Equatable {
    static let success: Int32 = 0
    static let invalidValue: Int32 = 1
    static let outOfMemory: Int32 = 2
    static let notReady: Int32 = 600
    static let graphUpdateFailed: Int32 = 910
    /// The shim's own: the driver has no such function.
    static let missing: Int32 = -1

    var value: Int32

    var code: CUDAError.Code {
        switch value {
        case Self.missing, 801: .unsupported
        case 1, 101, 201, 400, 709, 912: .invalidArgument
        case Self.outOfMemory: .outOfMemory
        case 100: .noDevice
        case 3, 4, 34, 46, 800, 802, 803, 804: .driverFailed
        case 214, 220, 700, 702, 714...719: .deviceLost
        case 710: .deviceLost  // a kernel's assertion
        case 200, 209, 218, 221, 222, 223, 300, 500: .moduleRejected
        case 900...908: .captureFailed
        default: .callFailed
        }
    }

    /// What helps where the result alone tells it.
    var mend: String {
        switch value {
        case 34: "a stub from the toolkit's `stubs` folder was loaded: put the real libcuda.so.1 before it"
        case 46: "the GPU is in exclusive mode and another process holds it: see `nvidia-smi`"
        case 100: "see whether `nvidia-smi` lists a GPU; containers need `--gpus all`; check CUDA_VISIBLE_DEVICES"
        case 209: "the module holds no code for this GPU: build it for this compute capability"
        case 214, 220: "the hardware failed: see `nvidia-smi -q` and the kernel log (`dmesg`), then reset the GPU"
        case 222: "the PTX is newer than the driver: install a newer driver"
        case 700, 710, 714...719:
            "the GPU's context is broken; restart the process, under compute-sanitizer to find the cause"
        case 702: "the kernel ran longer than this GPU allows (a display is attached): restart the process"
        case 802: "the GPUs aren't ready yet (fabric manager): start nvidia-fabricmanager"
        case 803: "libcuda and the kernel module are of different driver versions: reboot, or reload the module"
        case 804:
            "this GPU doesn't take CUDA's forward compatibility: install a newer driver, or take the compat folder off the loader's path"
        case 999: "see whether `nvidia-smi` works, and the kernel log (`dmesg`)"
        default: ""
        }
    }
}
