import ONNXModel

extension ModelPreparation {
    /// For which runtime a file is written.
    package enum Target: String, Sendable, CaseIterable {
        /// TensorRT, and any other: nothing is rewritten for one runtime's sake.
        case tensorrt
        /// ONNX Runtime on a CPU, which is faster with PReLU as convolutions. Other runtimes take the file too, and are slower.
        case onnxruntime

        /// How a graph is prepared before it gets its precision. 8-bit layers take the place of PReLUs as exporters write them.
        func preparationTarget(for precision: Precision?) -> PreparationTarget {
            self == .onnxruntime && precision != .int8 ? .onnxruntimeCPU : .portable
        }
    }

    /// The faces on which values are measured.
    package struct Calibration: Sendable {
        /// Faces for float16: it only asks how large values become.
        static let usualHalfCount = 64
        /// Faces for int8: scales are measured on three of four, and the result is judged on the others.
        static let usualInt8Count = 512

        /// How the threshold beyond which int8 clips is found from the values measured.
        package enum Method: String, Sendable, CaseIterable {
            /// The largest magnitude: nothing is clipped.
            case max
            /// The magnitude that 99.99 % of the numbers don't exceed.
            case percentile
            /// The least loss of information (Kullback–Leibler divergence).
            case entropy
            /// The least mean square error.
            case mse
        }

        /// Photos, folders, list files.
        package var faces: [String]
        /// How many are wanted; nil takes as many as the conversion usually does, or all if there are fewer.
        package var count: Int?
        /// Whether an image that isn't 112×112 is a failure rather than a photo.
        package var aligned: Bool
        /// How int8's thresholds are found.
        package var method: Method
        /// How long the search for layers that stay in float32 may take.
        package var timeLimit: Duration

        /// Which faces; see the properties.
        package init(
            faces: [String], count: Int? = nil, aligned: Bool = false, method: Method = .mse,
            timeLimit: Duration = .seconds(600)
        ) {
            self.faces = faces
            self.count = count
            self.aligned = aligned
            self.method = method
            self.timeLimit = timeLimit
        }
    }

    /// What is made of what.
    package struct Options: Sendable {
        /// The ONNX file to read.
        package var source: String
        /// The ONNX file to write.
        package var output: String
        /// The number format.
        package var precision: Precision
        /// For which runtime.
        package var target: Target
        /// On which faces, if any.
        package var calibration: Calibration?

        /// What is made of what; see the properties.
        package init(
            source: String, output: String, precision: Precision, target: Target = .tensorrt,
            calibration: Calibration? = nil
        ) {
            self.source = source
            self.output = output
            self.precision = precision
            self.target = target
            self.calibration = calibration
        }
    }
}

extension Precision {
    /// The same in the model's terms.
    var inGraph: ModelPrecision {
        switch self {
        case .fp32: .fp32
        case .fp16: .fp16
        case .int8: .int8
        }
    }

    /// The same in the configuration's terms.
    init(_ precision: ModelPrecision) {
        self =
            switch precision {
            case .fp32: .fp32
            case .fp16: .fp16
            case .int8: .int8
            }
    }
}
