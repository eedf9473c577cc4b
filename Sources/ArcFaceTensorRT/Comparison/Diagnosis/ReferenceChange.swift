import FaceImages
import ONNXModel

/// What the reference is run again with, to see whether that is what the candidate does.
struct ReferenceChange: Sendable, Equatable {
    /// A rearrangement of a face's bytes.
    enum Pixels: String, Sendable, CaseIterable {
        case channelsSwapped, mirrored, upsideDown, transposed
    }

    /// Done to the faces.
    var pixels: Pixels?
    /// Done to each pixel value in front of the graph, blue, green and red: `gain · x + offset` on 0…255.
    var pixelValues: PixelValues?
    /// The epsilon of all BatchNormalization nodes.
    var epsilon: Float?

    /// An affine function for each channel, in the order blue, green, red.
    struct PixelValues: Sendable, Equatable {
        var gains: [Float]
        var offsets: [Float]

        /// The same function for all channels.
        init(gain: Float, offset: Float) {
            gains = [gain, gain, gain]
            offsets = [offset, offset, offset]
        }

        init(gains: [Float], offsets: [Float]) {
            self.gains = gains
            self.offsets = offsets
        }
    }

    /// Both changes; nil where they are about the same thing.
    func and(_ other: ReferenceChange) -> ReferenceChange? {
        guard pixels == nil || other.pixels == nil, pixelValues == nil || other.pixelValues == nil,
            epsilon == nil || other.epsilon == nil
        else { return nil }
        return ReferenceChange(
            pixels: pixels ?? other.pixels, pixelValues: pixelValues ?? other.pixelValues,
            epsilon: epsilon ?? other.epsilon)
    }
}

extension ReferenceChange.Pixels {
    /// The faces, rearranged.
    func applied(to faces: FaceBatch) -> FaceBatch {
        let side = FaceBatch.side
        let last = side - 1
        let size = FaceBatch.bytesPerFace
        let source = faces.pixels
        let pixels = [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
            source.withUnsafeBufferPointer { source in
                for face in 0..<faces.count {
                    for y in 0..<side {
                        for x in 0..<side {
                            let (fromY, fromX) =
                                switch self {
                                case .channelsSwapped: (y, x)
                                case .mirrored: (y, last - x)
                                case .upsideDown: (last - y, x)
                                case .transposed: (x, y)
                                }
                            let from = face * size + (fromY * side + fromX) * 3
                            let to = face * size + (y * side + x) * 3
                            let isSwapped = self == .channelsSwapped
                            target[to] = source[from + (isSwapped ? 2 : 0)]
                            target[to + 1] = source[from + 1]
                            target[to + 2] = source[from + (isSwapped ? 0 : 2)]
                        }
                    }
                }
            }
            count = source.count
        }
        // As many bytes as came: a batch of another size can't come of them.
        return (try? FaceBatch(count: faces.count, pixels: pixels)) ?? faces
    }
}

extension Graph {
    /// This prepared graph with a function of each pixel value in front.
    ///
    /// The Cast is a prepared graph's first node; it gives float32 `[N,112,112,3]`, so that three numbers stand for the channels.
    func changing(_ values: ReferenceChange.PixelValues) -> Graph {
        guard let cast = nodes.first?.outputs.first else { return self }
        var graph = self
        let names = ["hypothesis_gain", "hypothesis_scaled", "hypothesis_offset", "hypothesis_pixels"]
            .map(graph.freshName)
        graph.redirect([cast: names[3]])
        graph.nodes.insert(
            contentsOf: [Node("Mul", [cast, names[0]], [names[1]]), Node("Add", [names[1], names[2]], [names[3]])],
            at: 1)
        graph.initializers += [
            Tensor(name: names[0], dims: [3], floats: values.gains),
            Tensor(name: names[2], dims: [3], floats: values.offsets),
        ]
        return graph
    }

    /// The epsilons of the graph's BatchNormalization nodes; ONNX's default where none is given.
    var epsilons: Set<Float> {
        Set(nodes.filter { $0.isOperator("BatchNormalization") }.map { $0.float("epsilon") ?? 1e-5 })
    }

    /// This graph with one epsilon for all BatchNormalization nodes.
    func with(epsilon: Float) -> Graph {
        var graph = self
        for place in graph.nodes.indices where graph.nodes[place].isOperator("BatchNormalization") {
            graph.nodes[place].attributes.removeAll { $0.name == "epsilon" }
            graph.nodes[place].attributes.append(Attribute("epsilon", .float(epsilon)))
        }
        return graph
    }
}
