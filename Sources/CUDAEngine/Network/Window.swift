/// How an operation's window slides over an image: its size, its steps and the zeros around the image.
package struct Window: Sendable, Hashable {
    /// Rows and columns of the window.
    package var height, width: Int
    /// Rows and columns from one place to the next.
    package var strideY, strideX: Int
    /// Rows and columns of zeros around the image.
    package var top, left, bottom, right: Int

    package init(
        height: Int, width: Int, strideY: Int = 1, strideX: Int = 1, top: Int = 0, left: Int = 0, bottom: Int = 0,
        right: Int = 0
    ) {
        (self.height, self.width, self.strideY, self.strideX) = (height, width, strideY, strideX)
        (self.top, self.left, self.bottom, self.right) = (top, left, bottom, right)
    }

    /// One place, no padding: each place of the image for itself.
    package static let point = Window(height: 1, width: 1)

    /// The window that is the whole image.
    package static func whole(_ shape: ActivationShape) -> Window {
        Window(height: shape.height, width: shape.width)
    }

    /// Places of the window.
    package var area: Int { height * width }

    package var hasPadding: Bool { top > 0 || left > 0 || bottom > 0 || right > 0 }

    /// Whether the window takes in each image as a whole, once.
    package func coversWhole(_ shape: ActivationShape) -> Bool {
        height == shape.height && width == shape.width && !hasPadding
    }

    /// Rows and columns that come out, or nil if the window doesn't fit.
    package func output(of shape: ActivationShape) -> (height: Int, width: Int)? {
        let rows = shape.height + top + bottom - height
        let columns = shape.width + left + right - width
        guard rows >= 0, columns >= 0 else { return nil }
        return (rows / strideY + 1, columns / strideX + 1)
    }

    /// The window's rows that lie on the image when it stands at output row `row`.
    package func rowsInside(at row: Int, of shape: ActivationShape) -> Range<Int> {
        Self.inside(start: row * strideY - top, size: height, extent: shape.height)
    }

    /// The window's columns that lie on the image when it stands at output column `column`.
    package func columnsInside(at column: Int, of shape: ActivationShape) -> Range<Int> {
        Self.inside(start: column * strideX - left, size: width, extent: shape.width)
    }

    private static func inside(start: Int, size: Int, extent: Int) -> Range<Int> {
        let first = min(max(0, -start), size)
        return first..<max(first, min(size, extent - start))
    }
}
