import CFaceImages

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Photo {
    /// This photo if its longest side is at most `limit` pixels, else a copy with that longest side, of which each
    /// pixel is the mean of the area that it covers.
    /// Throws `.outOfMemory`.
    package func shrunk(toLongestSide limit: Int) throws(FaceImageError) -> Photo {
        let longest = max(width, height)
        guard longest > limit else { return self }
        let scale = Double(limit) / Double(longest)
        func shrink(_ side: Int) -> Int { max(1, Int((Double(side) * scale).rounded())) }
        let target = (width: shrink(width), height: shrink(height))
        guard let scratch = malloc(fi_downscale_scratch(Int32(width)) * MemoryLayout<Float>.stride) else {
            throw FaceImageError(
                .outOfMemory, what: "no memory to shrink the photo", mend: "free memory or use fewer threads")
        }
        defer { free(scratch) }
        let sums = scratch.bindMemory(to: Float.self, capacity: fi_downscale_scratch(Int32(width)))
        let source = self
        return try Photo(width: target.width, height: target.height) { (pixels, rowBytes) in
            withExtendedLifetime(source) {
                fi_downscale_area(
                    source.image, pixels, Int32(target.width), Int32(target.height), rowBytes, sums)
            }
            return source.warnings
        }
    }
}
