extension FacesReport {
    /// A photo with its boxes, and its aligned faces below.
    static func section(_ numbered: NumberedPhoto) -> ReportPage.Section {
        let photo = numbered.photo
        let count = numbered.faces.count
        var html = ""
        if photo.width > 0, photo.height > 0 {
            html += "<figure class=\"photo\" style=\"aspect-ratio:\(photo.width)/\(photo.height);"
            html += "--ratio:\(HTMLText.number(Double(photo.width) / Double(photo.height), decimals: 3))\">\n"
            if let image = photo.image {
                html += "<img src=\"\(image.text)\" alt=\"\(HTMLText.escaped(photo.name))\" "
                html += "width=\"\(photo.width)\" height=\"\(photo.height)\">\n"
            }
            html += overlay(numbered) + "</figure>\n"
        }
        html += ReportPage.note(photo.note) + FaceCards(cards: numbered.faces.map(card)).html
        return ReportPage.Section(
            photo.name, detail: "\(photo.width) × \(photo.height), \(count == 1 ? "1 face" : "\(count) faces")",
            body: html)
    }

    private static func overlay(_ numbered: NumberedPhoto) -> String {
        let photo = numbered.photo
        // Labels grow with the photo, so that they can be read where a phone shows it small.
        let label = max(12, 0.024 * Double(max(photo.width, photo.height)))
        let boxes = numbered.faces.map { mark($0, label: label) }
        return """
            <svg viewBox="0 0 \(photo.width) \(photo.height)" role="img" \
            aria-label="\(numbered.faces.count) boxes, numbered as below" font-size="\(HTMLText.coordinate(label))">
            \(boxes.joined())</svg>

            """
    }

    /// One box with its number on top, or inside where the photo ends above it.
    private static func mark(_ numbered: NumberedFace, label: Double) -> String {
        guard let box = numbered.face.box, [box.x, box.y, box.width, box.height].allSatisfy(\.isFinite), box.width > 0,
            box.height > 0
        else {
            return ""
        }
        let digits = Double(String(numbered.number).count)
        let tag = (width: label * (0.62 * digits + 0.6), height: label * 1.3)
        let tagY = box.y >= tag.height ? box.y - tag.height : max(0, box.y)
        let tagX = max(0, box.x)
        let text = HTMLText.coordinate
        var html = "<rect class=\"box\" x=\"\(text(box.x))\" y=\"\(text(box.y))\" "
        html += "width=\"\(text(box.width))\" height=\"\(text(box.height))\"/>\n"
        for point in numbered.face.landmarks where point.x.isFinite && point.y.isFinite {
            html += "<circle class=\"landmark\" cx=\"\(text(point.x))\" cy=\"\(text(point.y))\" "
            html += "r=\"\(text(max(1.5, box.width / 36)))\"/>\n"
        }
        html += "<rect class=\"tag\" x=\"\(text(tagX))\" y=\"\(text(tagY))\" "
        html += "width=\"\(text(tag.width))\" height=\"\(text(tag.height))\"/>\n"
        html += "<text x=\"\(text(tagX + tag.width / 2))\" y=\"\(text(tagY + tag.height * 0.76))\">"
        return html + "\(numbered.number)</text>\n"
    }

    private static func card(_ numbered: NumberedFace) -> FaceCards.Card {
        let face = numbered.face
        let size = face.box.map { box in
            "\(HTMLText.number(box.width, decimals: 0))×\(HTMLText.number(box.height, decimals: 0))"
        }
        return FaceCards.Card(
            number: numbered.number, label: "face \(numbered.number)",
            entries: [
                ("score", face.score.map { HTMLText.number($0, decimals: 3) }),
                ("norm", HTMLText.number(face.norm, decimals: 2)), ("size", size),
            ])
    }
}
