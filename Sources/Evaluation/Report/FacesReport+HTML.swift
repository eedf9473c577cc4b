extension FacesReport {
    /// The whole page, self-contained: no script, no font, no request. Faces are numbered from 1 through all photos.
    ///
    /// - Returns: HTML, about as large as the images in it.
    package func html() -> String {
        let numbered = numberedPhotos()
        let faces = numbered.flatMap(\.faces)
        var page = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(HTMLText.escaped(title))</title>
            <style>
            \(Self.style)
            \(Self.cropStyle(faces))
            </style>
            </head>
            <body>
            <main>
            <header>
            <h1>\(HTMLText.escaped(title))</h1>

            """
        if !summary.isEmpty { page += "<p class=\"summary\">\(HTMLText.escaped(summary))</p>\n" }
        page += factsHTML
        page += "</header>\n"
        for photo in numbered { page += Self.section(photo) }
        if let matrix, matrix.count > 0 { page += Self.section(matrix) }
        page += "</main>\n</body>\n</html>\n"
        return page
    }

    /// A face with its number on the page: its row in the embeddings, from 0, so that both can be laid side by side.
    struct NumberedFace {
        var number: Int
        var face: Face
    }

    struct NumberedPhoto {
        var photo: Photo
        var faces: [NumberedFace]
    }

    private func numberedPhotos() -> [NumberedPhoto] {
        var next = 0
        return photos.map { photo in
            let faces = photo.faces.enumerated().map { NumberedFace(number: next + $0, face: $1) }
            next += faces.count
            return NumberedPhoto(photo: photo, faces: faces)
        }
    }

    private var factsHTML: String {
        guard !facts.isEmpty else { return "" }
        let items = facts.map {
            "<div><dt>\(HTMLText.escaped($0.name))</dt><dd>\(HTMLText.escaped($0.value))</dd></div>"
        }
        return "<dl class=\"facts\">\n\(items.joined(separator: "\n"))\n</dl>\n"
    }

    /// Each crop is in the page once, as a class that the cards and the table's heads share.
    private static func cropStyle(_ faces: [NumberedFace]) -> String {
        faces.map { ".f\($0.number){background-image:url(\"\($0.face.crop.text)\")}" }.joined(separator: "\n")
    }
}
