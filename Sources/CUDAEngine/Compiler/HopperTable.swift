/// Which Hopper kernel does which layer of an IResNet at which batch, as measured on an H100: `Kernels/hopper_tiles.tsv`.
package struct HopperTable: Sendable {
    /// A layer by what kernels are tuned for: channels, the output's side, the stride.
    private struct Layer: Hashable {
        var inputs, outputs, side, stride: Int
    }

    private var table: [Layer: [(batch: Int, choice: KernelChoice)]] = [:]

    /// The table that is part of the program; empty if its text can't be read, which a test excludes.
    static let builtIn = HopperTable(text: KernelSources.files.first { $0.name == "hopper_tiles.tsv" }?.text ?? "")

    /// How many lines the table has.
    package var count: Int { table.values.reduce(0) { $0 + $1.count } }

    /// Reads tab-separated lines under a heading; lines that aren't complete are left out.
    ///
    /// - Parameter text: the file.
    package init(text: String) {
        var columns: [String] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let cells = line.split(separator: "\t").map(String.init)
            if columns.isEmpty {
                columns = cells
            } else if cells.count == columns.count {
                add(Dictionary(zip(columns, cells), uniquingKeysWith: { first, _ in first }))
            }
        }
    }

    /// The kernel for a step, or nil where the portable one does it.
    func choice(for step: PlanStep, batch: Int) -> KernelChoice? {
        let byBatch = lines(for: step)
        return byBatch.filter { $0.batch >= batch }.min { $0.batch < $1.batch }?.choice
            ?? byBatch.max { $0.batch < $1.batch }?.choice
    }

    /// The kernels for a step at any batch.
    func choices(for step: PlanStep) -> [KernelChoice] { lines(for: step).map(\.choice) }

    private func lines(for step: PlanStep) -> [(batch: Int, choice: KernelChoice)] {
        let (input, output) = (step.inputShape, step.outputShape)
        guard step.kind == .convolution, step.size == 3, step.padding == 1, output.height == output.width,
            input.height == output.height * step.stride, input.width == input.height
        else { return [] }
        return table[
            Layer(inputs: input.channels, outputs: output.channels, side: output.height, stride: step.stride)] ?? []
    }

    private mutating func add(_ cells: [String: String]) {
        func number(_ name: String) -> Int? { cells[name].flatMap { Int($0) } }
        guard let inputs = number("inputs"), let outputs = number("outputs"), let side = number("side"),
            let stride = number("stride"), let batch = number("batch"), let rows = number("rows"),
            let octets = number("octets"), let channels = number("groups_channels"),
            let pixels = number("groups_pixels"), let subtiles = number("subtiles"), let floor = number("floor")
        else { return }
        let layer = Layer(inputs: inputs, outputs: outputs, side: side, stride: stride)
        if cells["kernel"] == "split", let splits = number("splits") {
            let tile = HopperSplitTile(
                rows: rows, octets: octets, groupsChannels: channels, groupsPixels: pixels, subtiles: subtiles,
                splits: splits, leastSharedMemory: floor)
            table[layer, default: []].append((batch, .hopperSplit(tile)))
        } else if cells["kernel"] == "streamed", let weightStages = number("weight_stages"),
            let inputStages = number("input_stages"), let resident = number("resident"), let joined = number("joined")
        {
            let tile = HopperTile(
                rows: rows, octets: octets, groupsChannels: channels, groupsPixels: pixels, subtiles: subtiles,
                weightStages: weightStages, inputStages: inputStages, isResident: resident == 1,
                isJoined: joined == 1, leastSharedMemory: floor)
            table[layer, default: []].append((batch, .hopper(tile)))
        }
    }
}
