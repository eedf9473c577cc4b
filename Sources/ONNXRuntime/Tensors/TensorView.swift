/// A named tensor in memory that someone else owns: row-major, densely packed.
///
/// The memory must stay valid and unchanged while the view is in use; the view keeps nothing alive.
package struct TensorView {
    /// The model's name for this input or output.
    package var name: String
    package var elementType: TensorElementType
    /// Outermost dimension first; empty for a scalar.
    package var shape: [Int]
    /// Exactly the product of `shape` times the element's size.
    package var bytes: UnsafeRawBufferPointer

    package init(name: String, elementType: TensorElementType, shape: [Int], bytes: UnsafeRawBufferPointer) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
    }

    package init<Element: TensorElement>(name: String, shape: [Int], elements: UnsafeBufferPointer<Element>) {
        self.init(
            name: name, elementType: Element.elementType, shape: shape, bytes: UnsafeRawBufferPointer(elements))
    }

    /// The tensor's elements, or nil when they are of another type.
    package func elements<Element: TensorElement>(as type: Element.Type) -> UnsafeBufferPointer<Element>? {
        elementType == Element.elementType ? bytes.bindMemory(to: type) : nil
    }
}

/// A named tensor in memory that someone else owns and that a run may write.
package struct MutableTensorView {
    /// The model's name for this output.
    package var name: String
    package var elementType: TensorElementType
    /// Outermost dimension first; empty for a scalar.
    package var shape: [Int]
    /// Exactly the product of `shape` times the element's size.
    package var bytes: UnsafeMutableRawBufferPointer

    package init(name: String, elementType: TensorElementType, shape: [Int], bytes: UnsafeMutableRawBufferPointer) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
    }

    package init<Element: TensorElement>(name: String, shape: [Int], elements: UnsafeMutableBufferPointer<Element>) {
        self.init(
            name: name, elementType: Element.elementType, shape: shape, bytes: UnsafeMutableRawBufferPointer(elements))
    }

    /// The same tensor to read from.
    package var readOnly: TensorView {
        TensorView(name: name, elementType: elementType, shape: shape, bytes: UnsafeRawBufferPointer(bytes))
    }
}
