/// The one image input of a float graph.
struct ImageInput {
    /// Where the channels are.
    enum Layout {
        /// `[N,3,H,W]`.
        case nchw
        /// `[N,H,W,3]`.
        case nhwc
    }

    let name: String
    let layout: Layout
    /// Fixed height and width; nil for sizes left open.
    let height: Int?
    let width: Int?

    /// Finds the image among the inputs of a repaired graph.
    ///
    /// - Returns: nil with the reason if there is no such input, or another beside it.
    static func find(in graph: Graph) -> Result<ImageInput, Mismatch> {
        guard graph.inputs.count == 1 else {
            let found = graph.inputs.isEmpty ? "none" : graph.inputs.prefix(4).map(\.text).joined(separator: ", ")
            return .failure(Mismatch(what: "one image input was expected, found \(found)"))
        }
        let input = graph.inputs[0]
        guard let type = input.tensor, type.element == .float, let shape = type.shape, shape.count == 4 else {
            return .failure(Mismatch(what: "an input float32 [N,3,H,W] was expected, found \(input.text)"))
        }
        if shape[1].value == 3 {
            return .success(
                ImageInput(name: input.name, layout: .nchw, height: shape[2].value, width: shape[3].value))
        }
        if shape[3].value == 3 {
            return .success(
                ImageInput(name: input.name, layout: .nhwc, height: shape[1].value, width: shape[2].value))
        }
        return .failure(Mismatch(what: "an image of 3 channels was expected, found \(input.text)"))
    }

    /// Why a graph has no image input of the kind wanted.
    struct Mismatch: Error {
        let what: String
    }
}
