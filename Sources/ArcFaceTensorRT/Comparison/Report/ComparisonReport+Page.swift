import Evaluation
import FaceImages

extension ComparisonReport {
    /// Writes the page that people look at, with the crops of the worst faces.
    ///
    /// - Throws: `ArcFaceError` if the file can't be written.
    package func writePage(to path: String) throws(ArcFaceError) {
        var shown: [ComparisonPage.Face] = []
        for face in worst {
            let crop = DataURI(.png, bytes: try CropImage.png(of: faces.faces.slice(face.number..<face.number + 1)))
            shown.append(
                ComparisonPage.Face(
                    number: face.number, name: face.name, crop: crop, cosine: face.agreement.cosine,
                    referenceNorm: face.agreement.referenceNorm, candidateNorm: face.agreement.candidateNorm))
        }
        let page = ComparisonPage(
            verdict: verdict, summary: sentence,
            facts: [
                .init("reference", reference.text), .init("reference's model", reference.path),
                .init("reference's input", reference.information.preprocessing), .init("candidate", candidate.text),
                .init("candidate's file", candidate.path),
                .init("candidate's input", candidate.information.preprocessing),
                .init("faces", faces.label),
            ], measures: measures, notes: [unusual].compactMap { $0 } + notes + warnings,
            cosines: perFace.map(\.cosine),
            batches: batches.sizes.map {
                .init(size: $0.size, largestL2: $0.largestL2, verdict: $0.verdict, text: $0.text)
            }, worst: shown,
            diagnosis: diagnosis.map { diagnosis in
                .init(
                    findings: diagnosis.findings.map { ($0.sentence, $0.mend) },
                    trials: diagnosis.trials.map { ($0.name, $0.cosineMean, $0.l2Mean) },
                    remarks: ["Made because \(diagnosis.reason)."] + diagnosis.remarks)
            })
        let file = try FileWriter(path: path, retry: "compare again: the figures aren't kept")
        try file.write(page.html())
        try file.finish()
    }
}
