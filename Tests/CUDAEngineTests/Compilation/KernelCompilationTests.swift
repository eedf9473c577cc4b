import CUDAEngine
import Foundation
import NativeLibraries
import ONNXModel
import SmallNetworks
import Testing

/// Every kernel of every network, compiled as an engine's builder does.
@Suite(.enabled(if: TestFiles.hasNVRTC, TestFiles.noNVRTC))
struct KernelCompilationTests {
    static let architectures = [80, 86, 89, 90, 100, 120]

    private func nvrtc() throws -> NVRTC {
        try NVRTC(search: .nvrtc(path: TestFiles.nvrtcFolder, source: "the test"))
    }

    @Test(arguments: architectures)
    func noKernelSpills(architecture: Int) throws {
        let nvrtc = try nvrtc()
        let target = KernelTarget(try KernelArchitecture(architecture))
        var variants = Set<KernelVariant>()
        for network in try SmallNetworks.all() {
            for element in [PlanValue.Element.float16, .float32] {
                let compiler = EngineCompiler(target: target, batches: [1, 8, 32], element: element)
                variants.formUnion(try compiler.compile(network).plan.kernels)
            }
        }
        var most = 0
        for variant in variants.sorted(by: { $0.text < $1.text }) {
            let output = try nvrtc.compile(variant, for: target.architecture)
            let usage = try #require(KernelUsage(log: output.log), "\(output.log)")
            #expect(usage.spillStores == 0 && usage.spillLoads == 0, "\(variant.text): \(output.log)")
            #expect(output.cubin.starts(with: [0x7f, 0x45, 0x4c, 0x46]))
            most = max(most, usage.registers)
        }
        #expect(variants.count > 8)
        let tiles = variants.filter { $0.source == "exact_convolution" }.map { variant in
            variant.macros.filter { $0.name.hasPrefix("TILE") }.map(\.value)
        }
        #expect(Set(tiles) == [["128", "128"], ["64", "128"], ["64", "64"], ["32", "32"]])
        print("\(target.architecture): \(variants.count) kernels, at most \(most) registers")
    }

    @Test func whatDoesNotCompileIsNamedWithTheCompilersWords() throws {
        let nvrtc = try nvrtc()
        let architecture = try KernelArchitecture(80)
        let error = #expect(throws: CUDAEngineError.self) {
            try nvrtc.compile(KernelVariant("elementwise", ["CHANNELS": "7"]), for: architecture)
        }
        #expect(error?.code == .compilationFailed)
        #expect(error?.description.contains("elementwise (CHANNELS 7)") == true)
        #expect(error?.description.contains("error:") == true)
    }
}

struct KernelSourcesTests {
    @Test func everyFileOfTheFolderIsInsideTheProgram() throws {
        let folder = TestFiles.root.appending(path: "Sources/CUDAEngine/Kernels")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { !$0.hasSuffix(".md") }.sorted()
        #expect(KernelSources.files.map(\.name) == names)
        for file in KernelSources.files {
            #expect(try String(contentsOf: folder.appending(path: file.name), encoding: .utf8) == file.text)
        }
    }

    @Test func theCompilersLogTellsRegistersAndSpills() {
        let log = """
            ptxas info    : 0 bytes gmem
            ptxas info    : Compiling entry function 'stem' for 'sm_80'
            ptxas info    : Function properties for stem
                16 bytes stack frame, 8 bytes spill stores, 12 bytes spill loads
            ptxas info    : Used 40 registers, used 1 barriers, 2048 bytes smem, 400 bytes cmem[0]
            """
        let usage = KernelUsage(log: log)
        #expect(usage?.registers == 40)
        #expect(usage?.spillStores == 8)
        #expect(usage?.spillLoads == 12)
        #expect(usage?.stack == 16)
        #expect(usage?.sharedMemory == 2048)
        #expect(KernelUsage(log: "") == nil)
    }
}
