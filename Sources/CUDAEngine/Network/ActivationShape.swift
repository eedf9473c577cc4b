/// The size of one face's activation: an image of `height` × `width` places with `channels` numbers each.
package struct ActivationShape: Sendable, Hashable, CustomStringConvertible {
    package var height: Int
    package var width: Int
    package var channels: Int

    package init(_ height: Int, _ width: Int, _ channels: Int) {
        (self.height, self.width, self.channels) = (height, width, channels)
    }

    /// Numbers in all.
    package var count: Int { height * width * channels }

    /// `112×112×64`.
    package var description: String { "\(height)×\(width)×\(channels)" }
}
