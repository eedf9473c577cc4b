internal import CCUDADriver

/// Compiled kernels on a GPU, from a cubin, a fatbin or PTX.
package final class CUDAModule: Sendable {
    package let context: CUDAContext
    /// What the driver's compiler said while it loaded the module; empty for a cubin.
    package let log: String
    nonisolated(unsafe) let handle: OpaquePointer

    /// Loads a module.
    ///
    /// - Parameters:
    ///   - image: A cubin, a fatbin, or the text of PTX, which the driver compiles for the GPU. It must be whole: the
    ///     driver takes the sizes inside a cubin for granted.
    ///   - name: What to call it in messages.
    ///   - context: The GPU to load it on.
    /// - Throws: `CUDAError` with code `.moduleRejected` and the driver's log.
    package init(_ image: some Collection<UInt8>, named name: String, on context: CUDAContext) throws(CUDAError) {
        guard !image.isEmpty else {
            throw CUDAError(
                code: .invalidArgument, what: "the module \(name) is empty", where: context.device.description)
        }
        let capacity = 8192
        // PTX ends in NUL; a cubin doesn't mind one.
        let terminated = Array(image) + [0]
        var (info, complaint) = ([CChar](repeating: 0, count: capacity), [CChar](repeating: 0, count: capacity))
        var handle: OpaquePointer?
        let result = try context.status {
            ccu_module_load($0, &handle, terminated, &info, capacity, &complaint, capacity)
        }
        guard result == DriverResult.success, let handle else {
            let words = Self.text(complaint)
            throw context.failure(
                result == DriverResult.success ? DriverResult.invalidValue : result, call: "cuModuleLoadDataEx",
                what: "can't load the module \(name)" + (words.isEmpty ? "" : " (\(words))"))
        }
        self.context = context
        self.handle = handle
        log = Self.text(info)
    }

    deinit {
        context.release("cuModuleUnload") { ccu_module_unload($0, handle) }
    }

    /// A kernel by its name in the module (mangled, for C++).
    ///
    /// - Throws: `CUDAError` with code `.moduleRejected` when there is none.
    package func function(named name: String) throws(CUDAError) -> CUDAFunction {
        var function: OpaquePointer?
        try context.call("cuModuleGetFunction", "the module has no kernel `\(name)`") {
            ccu_module_function($0, &function, handle, name)
        }
        guard let function else {
            throw context.failure(
                DriverResult.invalidValue, call: "cuModuleGetFunction", what: "the module has no kernel `\(name)`")
        }
        return try CUDAFunction(function, named: name, of: self)
    }

    /// Address and size in bytes of a global variable.
    ///
    /// - Throws: `CUDAError` with code `.moduleRejected` when there is none.
    package func global(named name: String) throws(CUDAError) -> (address: UInt64, byteCount: Int) {
        var (address, byteCount): (UInt64, Int) = (0, 0)
        try context.call("cuModuleGetGlobal_v2", "the module has no variable `\(name)`") {
            ccu_module_global($0, &address, &byteCount, handle, name)
        }
        return (address, byteCount)
    }

    private static func text(_ bytes: [CChar]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
