/// What an operation adds to each output channel.
///
/// A shift in front of a zero-padded window doesn't reach the padding, so near the borders fewer places of the window carry it:
/// there the addend is another one. Rows fall into three classes (first, between, last), columns likewise.
package struct ChannelBias: Sendable, Hashable {
    /// One addend a channel: where no class differs.
    package static func uniform(_ values: [Float]) -> ChannelBias { ChannelBias(values: values, classes: 1) }

    /// `classes` × channels numbers; with nine classes, class `3 · row class + column class` after class.
    package private(set) var values: [Float]
    /// 1 or 9.
    package let classes: Int

    private init(values: [Float], classes: Int) {
        self.values = values
        self.classes = classes
    }

    /// Addends for the nine classes of places; uniform if they are all the same.
    package init(nine values: [[Float]]) {
        if let first = values.first, values.allSatisfy({ $0 == first }) {
            self.init(values: first, classes: 1)
        } else {
            self.init(values: Array(values.joined()), classes: 9)
        }
    }

    package var channels: Int { values.count / classes }

    /// The class of a row or column: 0 for the first, 2 for the last, 1 between. A single one is of class 0.
    package static func side(_ place: Int, of extent: Int) -> Int {
        place == 0 ? 0 : place == extent - 1 ? 2 : 1
    }

    /// The addends of a class, 0 to 8.
    package func addends(ofClass number: Int) -> ArraySlice<Float> {
        let place = classes == 1 ? 0 : number
        return values[place * channels..<(place + 1) * channels]
    }

    /// The bias behind a scale and a shift of each channel.
    package func scaled(by scale: [Float], shiftedBy shift: [Float]) -> ChannelBias {
        let count = channels
        var result = values
        for place in result.indices {
            let channel = place % count
            result[place] = Float(Double(values[place]) * Double(scale[channel]) + Double(shift[channel]))
        }
        return ChannelBias(values: result, classes: classes)
    }
}
