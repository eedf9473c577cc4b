import Evaluation

extension DiagnosisRun {
    /// Compares the graphs, and says where the candidate's leaves the reference's.
    func compareLayers(_ sample: Evidence, into diagnosis: inout Diagnosis) throws(ArcFaceError) {
        guard let graph = candidate.graph else {
            diagnosis.remarks.append(
                "\(candidate.name) can't be looked into: an engine shows no layers, and its ONNX file isn't known")
            return
        }
        report(.began("diagnosis: comparing layers"))
        let library = try reference.library(configuration)
        let threads = configuration.onnxRuntime.threadCount
        let layers = try LayerComparison(
            reference: LayerRunner(checked: reference.model, library: library, threads: threads),
            candidate: LayerRunner(checked: graph, library: library, threads: threads), faces: sample.faces.faces,
            threshold: graph.precision.layerThreshold, shouldStop: shouldStop
        ) { report(.progress($0, of: $1)) }
        diagnosis.layers = layers
        if let departure = layers.departure {
            var finding = Self.finding(departure)
            // The weight that was found is what there is to mend.
            if !diagnosis.findings.isEmpty { finding.mend = "" }
            diagnosis.findings.append(finding)
        } else if !candidate.runsGraph {
            diagnosis.findings.append(
                Diagnosis.Finding(
                    kind: "runtime",
                    sentence:
                        "the graph that \(candidate.name) was made from agrees layer by layer in ONNX Runtime: the "
                        + "difference arises in \(candidate.runtime.information.backend)",
                    mend: "build with --precision fp32, or with another version of "
                        + candidate.runtime.information.backend))
        } else if let layer = layers.steepest {
            diagnosis.findings.append(
                Diagnosis.Finding(
                    kind: "rounding",
                    sentence: "no explanation that was tested holds, and no layer leaves the reference by more than "
                        + "\(layers.threshold): rounding builds up, most at \(Self.name(of: layer))",
                    mend: candidate.precision == .fp32
                        ? ""
                        : "prepare with --calibration-faces, which keeps such layers in float32, or in a finer precision"
                ))
        } else {
            diagnosis.remarks.append("no explanation that was tested holds, and no layer differs")
        }
    }

    private static func finding(_ layer: LayerComparison.Layer) -> Diagnosis.Finding {
        let agreement = layer.agreement
        let unusual = agreement.candidateNaNCount + agreement.candidateInfinityCount
        let difference =
            unusual > 0
            ? "\(agreement.candidateNaNCount) NaN and \(agreement.candidateInfinityCount) infinite of \(agreement.count) numbers"
            : "relative L2 \(distance(agreement.relativeL2)), cosine \(cosine(agreement.cosine))"
        let mend =
            unusual > 0
            ? "look at that layer's weights; in float16, --calibration-faces keeps what overflows in float32"
            : "look at that layer's weights and attributes, or export the model again"
        return Diagnosis.Finding(
            kind: "layer",
            sentence:
                "the candidate leaves the reference at layer \(layer.position), \(name(of: layer)): \(difference)",
            mend: mend)
    }

    private static func name(of layer: LayerComparison.Layer) -> String {
        let node = layer.node.isEmpty || layer.node == layer.value ? "" : " of node '\(layer.node)'"
        return "\(layer.op) '\(layer.value)'\(node)"
    }
}
