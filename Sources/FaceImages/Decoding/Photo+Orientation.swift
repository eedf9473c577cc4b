import CFaceImages

extension Photo {
    /// This photo turned upright, for a photo whose pixels are stored as `orientation` says.
    /// Throws `.outOfMemory`.
    func upright(from orientation: ExifOrientation) throws(FaceImageError) -> Photo {
        guard orientation != .upright else { return self }
        let turned = orientation.exchangesSides
        let source = self
        return try Photo(width: turned ? height : width, height: turned ? width : height) {
            (pixels, rowBytes) in
            withExtendedLifetime(source) {
                fi_orient(source.image, Int32(orientation.rawValue), pixels, rowBytes)
            }
            return source.warnings
        }
    }
}

extension Int {
    /// The least multiple of `step` that is not less than this number.
    func roundedUp(to step: Int) -> Int {
        (self + step - 1) / step * step
    }
}
