import Digests
import EngineStore
import Testing

@testable import ArcFaceTensorRT

/// What is told of an engine.
struct EngineReportTests {
    private func manifest(
        _ change: (inout EngineManifest) -> Void = { _ in }
    ) -> EngineManifest {
        var manifest = EngineManifest(
            plan: PlanFacts(sha256: Digest.of("plan"), bytes: 1000),
            model: ModelFacts(name: "r100", onnx: Digest.of("model")), precision: .fp16,
            batch: BatchFacts(profiles: [.init(min: 1, opt: 1, max: 1), .init(min: 1, opt: 32, max: 32)], streams: 2),
            runtime: RuntimeFacts(name: .tensorrt, version: EngineVersion(major: 10, minor: 8, patch: 0)),
            builtOn: MachineFacts(sm: 86, gpu: "NVIDIA A10", driver: "550.54"),
            preprocessing: EnginePreprocessing(color: .rgb, mean: 127.5, scale: 128), embeddingWidth: 512,
            created: UTCTime(seconds: 1_769_860_800), toolVersion: "0.1.0")
        change(&manifest)
        return manifest
    }

    private func fact(_ name: String, _ change: (inout EngineManifest) -> Void = { _ in }) -> String? {
        EngineReport.facts(manifest(change)).first { $0.name == name }?.text
    }

    @Test func theManifestIsToldInWords() {
        #expect(fact("precision") == "fp16")
        #expect(fact("batches") == "1 to 32, tuned for 1, 32, for 2 streams at the same time")
        #expect(fact("runtime") == "TensorRT 10.8.0")
        #expect(fact("built for") == "compute capability 8.6")
        #expect(fact("built")?.contains("NVIDIA A10, driver 550.54") == true)
        #expect(fact("built for") { $0.builder.hardwareCompatibility = .amperePlus } == "every GPU from Ampere on")
        #expect(
            fact("built for") {
                $0.runtime.name = .tensorrtRTX
                $0.builder.computeCapabilities = [86, 120]
            } == "compute capability 8.6, 12.0")
    }

    @Test func aManifestGivesTensorsAndAllProfiles() {
        var report = EngineReport(path: "x.plan", bytes: 1000, manifest: manifest())
        report.describe(manifest())
        #expect(report.source == .manifest)
        #expect(report.tensors?.map(\.shape) == [[-1, 112, 112, 3], [-1, 512]])
        #expect(report.profiles?.map(\.max) == [1, 32, 1, 32])
    }

    @Test func theInspectorsJSONIsUnderstoodInBothForms() {
        let detailed = EngineReport.layers(
            """
            {"Layers": [
                {"Name": "conv1", "LayerType": "CaskConvolution", "Inputs": [],
                 "Outputs": [{"Name": "y", "Dimensions": [1,2], "Format/Datatype": "Channel major FP16 format where C % 8"}]},
                {"Name": "fc", "LayerType": "gemm", "Outputs": [{"Name": "z", "Format/Datatype": "Row major linear FP32"}]},
                {"Name": "q", "LayerType": "Reformat", "Outputs": [{"Name": "q", "Format/Datatype": "Int8 NCHW"}]},
                {"Name": "end"}
            ], "Bindings": []}
            """)
        #expect(detailed.map(\.name) == ["conv1", "fc", "q", "end"])
        #expect(detailed.map(\.type) == ["CaskConvolution", "gemm", "Reformat", ""])
        #expect(detailed.map(\.precision) == ["fp16", "fp32", "int8", ""])
        #expect(EngineReport.layers(#"{"Layers": ["a", "b"]}"#).map(\.name) == ["a", "b"])
        #expect(EngineReport.layers("no JSON").isEmpty)
        #expect(EngineReport.layers(#"{"Layers": [1, null]}"#).map(\.name) == ["", ""])
    }
}
