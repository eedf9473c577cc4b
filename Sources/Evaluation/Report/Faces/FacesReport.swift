/// What a page about faces found in photos shows. Plain data: nothing here knows how it was computed.
package struct FacesReport: Sendable {
    /// The page's heading.
    package var title: String
    /// One sentence below it; may be empty.
    package var summary: String
    /// What a reader needs to know to get the same page again, such as the model and the runtime; in this order.
    package var facts: [Fact]
    package var photos: [Photo]
    /// The similarity of each face with each, in the order in which `photos` holds them; nil leaves the table out.
    package var matrix: CosineMatrix?

    package init(title: String, summary: String = "", facts: [Fact] = [], photos: [Photo], matrix: CosineMatrix? = nil)
    {
        self.title = title
        self.summary = summary
        self.facts = facts
        self.photos = photos
        self.matrix = matrix
    }

    package typealias Fact = ReportPage.Fact

    package struct Photo: Sendable {
        /// The file's name or path, as readers know it.
        package var name: String
        /// The photo itself; nil shows the boxes on an empty ground.
        package var image: DataURI?
        /// Size in pixels, the way the photo is shown: the coordinates of boxes and landmarks are in it.
        package var width: Int
        package var height: Int
        package var faces: [Face]
        /// Why there are no faces, or what else to say; may be empty.
        package var note: String

        package init(name: String, image: DataURI?, width: Int, height: Int, faces: [Face], note: String = "") {
            self.name = name
            self.image = image
            self.width = width
            self.height = height
            self.faces = faces
            self.note = note
        }
    }

    package struct Face: Sendable {
        /// In the photo's pixels; nil where no box is known.
        package var box: Box?
        /// Eyes, nose and corners of the mouth in the photo's pixels; any number of points, or none.
        package var landmarks: [Point]
        /// The detector's confidence, 0 to 1; nil where no detector ran.
        package var score: Double?
        /// The raw embedding's length.
        package var norm: Double
        /// The aligned crop.
        package var crop: DataURI

        package init(box: Box?, landmarks: [Point] = [], score: Double?, norm: Double, crop: DataURI) {
            self.box = box
            self.landmarks = landmarks
            self.score = score
            self.norm = norm
            self.crop = crop
        }
    }

    package struct Box: Sendable {
        package var x: Double
        package var y: Double
        package var width: Double
        package var height: Double

        package init(x: Double, y: Double, width: Double, height: Double) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
        }
    }

    package struct Point: Sendable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }
}
