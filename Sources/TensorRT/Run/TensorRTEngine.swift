internal import CTensorRT
internal import Synchronization

/// A loaded engine. Any number of execution contexts may share it, from any thread.
package final class TensorRTEngine: Sendable {
    /// The name for messages.
    package let name: String
    /// Inputs and outputs in the engine's order, which is not for anyone to rely on: look them up by name.
    package let tensors: [EngineTensor]
    /// Optimisation profiles. Each is one context's at a time.
    package let profileCount: Int
    /// Layers after fusion.
    package let layerCount: Int
    /// Scratch memory that each execution context takes on the device, in bytes.
    package let contextByteCount: Int
    /// For which GPUs it was built; nil for a kind that this library knows and we don't.
    package let hardwareCompatibility: BuildOptions.HardwareCompatibility?
    package let library: TensorRTLibrary
    let object: TensorRTObject
    /// TensorRT's objects are for one thread at a time.
    let lock = Mutex(())

    init(_ object: TensorRTObject, library: TensorRTLibrary, name: String) throws(TensorRTError) {
        let interface = object.interface
        let engine = object.pointer
        let action = "can't describe the engine"
        let profiles = try interface.call(action, at: name) { trt_engine_profile_count($0, engine, $1) }
        layerCount = Int(try interface.call(action, at: name) { trt_engine_layer_count($0, engine, $1) })
        contextByteCount = Int(try interface.call(action, at: name) { trt_engine_device_memory_size($0, engine, $1) })
        let level = try interface.call(action, at: name) { trt_engine_hardware_compatibility($0, engine, $1) }
        hardwareCompatibility = BuildOptions.HardwareCompatibility(rawValue: level)
        let count = try interface.call(action, at: name) { trt_engine_tensor_count($0, engine, $1) }
        var tensors: [EngineTensor] = []
        for index in 0..<count {
            let found = try interface.call(action, at: name) { trt_engine_tensor_name($0, engine, index, $1) }
            let tensor = String(cString: try interface.known(found, action))
            tensors.append(try EngineTensor(tensor, of: object, profiles: profiles))
        }
        self.tensors = tensors
        profileCount = Int(profiles)
        self.object = object
        self.library = library
        self.name = name
    }

    /// The tensor with this name.
    ///
    /// - Throws: `TensorRTError` with code `.invalidArgument`.
    package func tensor(_ name: String) throws(TensorRTError) -> EngineTensor {
        guard let tensor = tensors.first(where: { $0.name == name }) else {
            let names = tensors.map { "`\($0.name)`" }.joined(separator: ", ")
            throw TensorRTError(
                .invalidArgument, "the engine has no tensor `\(name)`", at: self.name, mend: "it has \(names)")
        }
        return tensor
    }

    /// The inspector's account of all layers, as JSON. How much it tells is what `profilingVerbosity` was at the build.
    package func layersJSON() throws(TensorRTError) -> String {
        let interface = object.interface
        let action = "can't inspect the engine"
        let inspector = try lock.withLock { _ throws(TensorRTError) in
            try interface.object(action, at: name, parents: [object]) {
                trt_engine_create_inspector($0, object.pointer, $1)
            }
        }
        let text = try interface.call(action, at: name) { trt_inspector_json($0, inspector.pointer, $1) }
        // The text is the inspector's.
        return try withExtendedLifetime(inspector) { () throws(TensorRTError) in
            String(cString: try interface.known(text, action))
        }
    }

    /// Makes a context to run the engine with. It holds `contextByteCount` bytes on the device.
    ///
    /// - Parameter options: For TensorRT-RTX; elsewhere only the default is taken.
    /// - Returns: A context with the first profile chosen, if no other context has it.
    /// - Throws: `TensorRTError` with code `.outOfDeviceMemory`, `.unsupportedOption` or another.
    package func makeContext(_ options: ContextOptions = .init()) throws(TensorRTError) -> ExecutionContext {
        let interface = object.interface
        let action = "can't create an execution context"
        guard !options.isDefault else {
            let context = try lock.withLock { _ throws(TensorRTError) in
                try interface.object(action, at: name, parents: [self]) {
                    trt_engine_create_context($0, object.pointer, $1)
                }
            }
            return ExecutionContext(context, engine: self)
        }
        guard library.capabilities.compilesAtRunTime else {
            throw TensorRTError(
                .unsupportedOption, "\(library.name) has no run-time options for contexts", at: name,
                mend: "they are TensorRT-RTX's")
        }
        return try lock.withLock { _ throws(TensorRTError) in
            let config = try RuntimeConfiguration(self, options: options)
            let context = try interface.object(action, at: name, parents: [self, config]) {
                trt_engine_create_context_with($0, object.pointer, config.object.pointer, $1)
            }
            return ExecutionContext(context, engine: self)
        }
    }
}

extension EngineTensor {
    fileprivate init(_ name: String, of engine: TensorRTObject, profiles: Int32) throws(TensorRTError) {
        let interface = engine.interface
        let action = "can't describe the tensor `\(name)`"
        let mode = try interface.call(action) { trt_engine_tensor_mode($0, engine.pointer, name, $1) }
        let type = try interface.call(action) { trt_engine_tensor_type($0, engine.pointer, name, $1) }
        guard let mode = Mode(rawValue: mode), let elementType = TensorRTElementType(rawValue: type) else {
            throw TensorRTError(
                .callFailed, "\(action): its mode \(mode) or type \(type) is unknown", at: interface.path)
        }
        var dims = trt_dims()
        _ = try interface.call(action) { trt_engine_tensor_shape($0, engine.pointer, name, &dims, $1) }
        var shapes: [ProfileShapes] = []
        for profile in 0..<(mode == .input ? profiles : 0) {
            var ends: [TensorShape] = []
            for selector in Int32(0)...2 {
                var dims = trt_dims()
                _ = try interface.call(action) {
                    trt_engine_profile_shape($0, engine.pointer, name, profile, selector, &dims, $1)
                }
                ends.append(dims.shape)
            }
            shapes.append(.init(minimum: ends[0], optimum: ends[1], maximum: ends[2]))
        }
        self.init(name: name, mode: mode, elementType: elementType, shape: dims.shape, profiles: shapes)
    }
}
