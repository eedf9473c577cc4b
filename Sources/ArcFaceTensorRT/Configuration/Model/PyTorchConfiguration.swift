/// `pytorch`: the Python that runs the reference.
public struct PyTorchConfiguration: Sendable, Equatable {
    /// `pytorch.python`: the Python interpreter that has torch; nil is the first `python3` in `PATH`.
    public var python: String?

    /// Makes the settings; what isn't given has its default.
    public init(python: String? = nil) {
        self.python = python
    }
}
