/// Which choices were measured to be faster than the table's, on one GPU.
package struct MeasuredTiles: Sendable {
    /// A batch size, and the kernel that the table would take there: it has all of a layer's shape in its macros.
    struct Place: Hashable {
        var batch: Int
        var usual: KernelVariant
    }

    var choices: [Place: KernelChoice] = [:]

    /// The table's choices alone.
    package init() {}

    /// The choice for a step: the measured one where there is one, the table's otherwise.
    func choice(for step: PlanStep, with builder: LaunchBuilder) -> KernelChoice {
        let usual = KernelChoice.of(step, batch: builder.batch, target: builder.target)
        guard !choices.isEmpty else { return usual }
        return choices[Place(batch: builder.batch, usual: builder.launch(of: step, usual).variant)] ?? usual
    }
}
