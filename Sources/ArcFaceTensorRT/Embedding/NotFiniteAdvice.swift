/// What users are told of an embedding that is none.
enum NotFiniteAdvice {
    /// What happened.
    static let what = "the model gave NaN, infinity or only zeros"
    /// The reference shows whether the model itself does it; float16's range ends at 65504, which is the usual cause.
    static let mend =
        "see where with `arcface-tensorrt compare`; if it computes in less than fp32, try --precision fp32"
}
