/// EXIF orientations, written from the standard's table of where row 0 and column 0 lie.
enum Orientation {
    /// How `upright` is stored under an orientation of 1…8.
    static func stored(_ upright: PixelImage, _ orientation: Int) -> PixelImage {
        let turned = orientation >= 5
        let width = turned ? upright.height : upright.width
        let height = turned ? upright.width : upright.height
        return PixelImage(width: width, height: height) { column, row in
            let right = upright.width - 1, bottom = upright.height - 1
            let place =
                switch orientation {
                case 2: (right - column, row)
                case 3: (right - column, bottom - row)
                case 4: (column, bottom - row)
                case 5: (row, column)
                case 6: (right - row, column)
                case 7: (right - row, bottom - column)
                case 8: (row, bottom - column)
                default: (column, row)
                }
            let pixel = upright[place.0, place.1]
            return (pixel[0], pixel[1], pixel[2])
        }
    }
}
