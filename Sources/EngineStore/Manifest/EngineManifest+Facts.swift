package import Digests

/// The plan's bytes, told from all others.
package struct PlanFacts: Sendable, Equatable, Codable {
    /// The SHA-256 of the file.
    package var sha256: Digest
    /// The file's size.
    package var bytes: Int

    /// Names bytes by their digest and count.
    package init(sha256: Digest, bytes: Int) {
        self.sha256 = sha256
        self.bytes = bytes
    }

    /// Hashes the bytes of a plan in memory.
    package init(of plan: UnsafeRawBufferPointer) {
        self.init(sha256: Digest.of(plan), bytes: plan.count)
    }
}

/// The model that an engine was built from.
package struct ModelFacts: Sendable, Equatable, Codable {
    /// The name in file names.
    package var name: String
    /// The SHA-256 of the ONNX file as the user has it.
    package var onnx: Digest
    /// The SHA-256 of the prepared graph that the builder was given.
    package var prepared: Digest?
    /// The model's licence as its owner names it, such as `Apache-2.0`; nil if nobody said.
    package var license: String?

    package enum CodingKeys: String, CodingKey {
        case name
        case onnx = "onnx_sha256"
        case prepared = "prepared_sha256"
        case license
    }

    /// Names a model by its files.
    package init(name: String, onnx: Digest, prepared: Digest? = nil, license: String? = nil) {
        self.name = name
        self.onnx = onnx
        self.prepared = prepared
        self.license = license
    }
}

/// One optimisation profile: the batch sizes that it allows and the one that it is tuned for.
package struct BatchProfile: Sendable, Hashable, Codable {
    /// Smallest, best and largest batch; 1 ≤ min ≤ opt ≤ max.
    package var min: Int, opt: Int, max: Int

    /// A profile for batches of `min` to `max` faces, tuned for `opt`.
    package init(min: Int, opt: Int, max: Int) {
        self.min = min
        self.opt = opt
        self.max = max
    }
}

/// The batch sizes that an engine takes.
package struct BatchFacts: Sendable, Equatable, Codable {
    /// The profiles of one stream, each listed once.
    package var profiles: [BatchProfile]
    /// How many streams can run at the same time: each profile is in the plan this many times.
    package var streams: Int

    /// Names the profiles of an engine; at least one.
    package init(profiles: [BatchProfile], streams: Int = 1) {
        self.profiles = profiles
        self.streams = streams
    }

    /// The largest batch that some profile allows; 0 without profiles.
    package var largest: Int { profiles.map(\.max).max() ?? 0 }
}

/// A runtime and its version.
package struct RuntimeFacts: Sendable, Equatable, Codable {
    /// Which runtime.
    package var name: EngineRuntime
    /// The library's version when it built the engine.
    package var version: EngineVersion

    /// Names a runtime.
    package init(name: EngineRuntime, version: EngineVersion) {
        self.name = name
        self.version = version
    }
}

/// The machine that an engine was built on.
package struct MachineFacts: Sendable, Equatable, Codable {
    /// The GPU's compute capability times ten; nil if the plan was built without a GPU (TensorRT-RTX can).
    package var sm: Int?
    /// The GPU's name.
    package var gpu: String?
    /// The driver's version.
    package var driver: String?

    /// Names a machine.
    package init(sm: Int? = nil, gpu: String? = nil, driver: String? = nil) {
        self.sm = sm
        self.gpu = gpu
        self.driver = driver
    }
}

/// How pixels become the network's input: `(x − mean) / scale` on 0…255, channels in `color` order.
package struct EnginePreprocessing: Sendable, Equatable, Codable {
    /// The order in which the network sees a pixel's channels.
    package enum Color: String, Sendable, Codable {
        case rgb, bgr
    }

    /// The channel order.
    package var color: Color
    /// Subtracted from each pixel value.
    package var mean: Float
    /// Divides what is left.
    package var scale: Float

    /// Names a preprocessing.
    package init(color: Color, mean: Float, scale: Float) {
        self.color = color
        self.mean = mean
        self.scale = scale
    }
}

extension EnginePreprocessing: CustomStringConvertible {
    /// As people write it: `RGB, (x - 127.5) / 128.0`.
    package var description: String { "\(color.rawValue.uppercased()), (x - \(mean)) / \(scale)" }
}
