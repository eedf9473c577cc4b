extension FacesReport {
    /// The whole page, self-contained: no script, no font, no request. Faces are numbered from 0 through all photos.
    ///
    /// - Returns: HTML, about as large as the images in it.
    package func html() -> String {
        let numbered = numberedPhotos()
        let crops = numbered.flatMap(\.faces).map { (number: $0.number, image: $0.face.crop) }
        var sections = numbered.map(Self.section)
        if let matrix, matrix.count > 0 { sections.append(Self.section(matrix)) }
        return ReportPage(
            title: title, summary: summary, facts: facts, sections: sections,
            styles: [FaceCards.style, Self.style, FaceCards.crops(crops)]
        ).html()
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
}
