final class FacesReportCollector {
    let leftOut = 0
    func add(_ result: InputResult) {}
    func write(to path: String, information: EmbedderInformation) throws(ArcFaceError) {}
}
