internal import CTensorRT

extension BuilderConfiguration {
    /// Adds a profile for each range of batch sizes, for all inputs of the network that have an open batch.
    ///
    /// - Throws: `TensorRTError` with code `.unsuitableNetwork` if more than the batch is open, or if the batch isn't.
    func addProfiles(
        _ profiles: [BatchProfile], for network: NetworkDefinition, of model: ONNXSource
    ) throws(TensorRTError) {
        let inputs = try network.inputs()
        if let wrong = inputs.first(where: { $0.shape.dropFirst().contains { $0 < 0 } }) {
            throw TensorRTError(
                .unsuitableNetwork,
                "the input `\(wrong.name)` has the shape \(wrong.shape): only the batch may be open",
                at: model.name, mend: "export the model with a fixed image size")
        }
        let open = inputs.filter { $0.shape.first.map { $0 < 0 } ?? false }
        guard let first = open.first else {
            return try requireFixedBatch(of: inputs, is: profiles, model)
        }
        guard !profiles.isEmpty else {
            throw TensorRTError(
                .unsupportedOption, "the input `\(first.name)` has an open batch and needs a profile", at: model.name)
        }
        for profile in profiles { try add(profile, for: open, of: model) }
    }

    private func requireFixedBatch(
        of inputs: [BuiltEngine.Tensor], is profiles: [BatchProfile], _ model: ONNXSource
    ) throws(TensorRTError) {
        for input in inputs {
            guard let batch = input.shape.first else { continue }
            if let other = profiles.first(where: { $0.minimum != batch || $0.maximum != batch }) {
                throw TensorRTError(
                    .unsuitableNetwork,
                    "the input `\(input.name)` takes a batch of \(batch) only, not \(other.minimum) to \(other.maximum)",
                    at: model.name, mend: "run `arcface-tensorrt model prepare` on the model, which opens the batch")
            }
        }
    }

    private func add(
        _ batches: BatchProfile, for inputs: [BuiltEngine.Tensor], of model: ONNXSource
    ) throws(TensorRTError) {
        let interface = object.interface
        let action = "can't make a profile for batches of \(batches.minimum) to \(batches.maximum)"
        let created = try interface.call(action) { trt_builder_create_profile($0, builder.pointer, $1) }
        let profile = try interface.known(created, action)
        for input in inputs {
            for (selector, batch) in [batches.minimum, batches.optimum, batches.maximum].enumerated() {
                var dims = try trt_dims([batch] + input.shape.dropFirst(), of: input.name)
                _ = try interface.call(action, .unsuitableNetwork, at: model.name) { api, error in
                    trt_profile_set_dimensions(api, profile, input.name, Int32(selector), &dims, error)
                }
            }
        }
        _ = try interface.call(action, .unsuitableNetwork, at: model.name) { trt_profile_is_valid($0, profile, $1) }
        _ = try interface.call(action, .unsuitableNetwork, at: model.name) {
            trt_config_add_profile($0, object.pointer, profile, $1)
        }
    }
}
