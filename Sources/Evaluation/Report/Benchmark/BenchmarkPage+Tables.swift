extension BenchmarkPage {
    /// The users' table: a row for each batch size and runtime, against each baseline.
    var speedups: ReportTable {
        var columns = [ReportTable.Column("faces"), .init("runtime", isText: true), .init("ms")]
        for baseline in baselines { columns += [.init("\(baseline), ms"), .init("faster by")] }
        var rows: [[ReportTable.Cell]] = []
        for item in measurements where !baselines.contains(item.runtime) || baselines.count > 1 {
            var row: [ReportTable.Cell] = [
                .number(Double(item.batch), decimals: 0), .text(item.runtime),
                .text(Self.milliseconds(item.statistics.median)),
            ]
            for baseline in baselines {
                let other = measurements.first { $0.runtime == baseline && $0.batch == item.batch }
                guard let other, baseline != item.runtime else {
                    row += [.empty, .empty]
                    continue
                }
                let factor = other.statistics.median / item.statistics.median
                row += [
                    .text(Self.milliseconds(other.statistics.median)),
                    .text(Self.factor(factor)),
                ]
            }
            rows.append(row)
        }
        return ReportTable(columns: columns, rows: rows, isGrouped: true)
    }

    /// A row for each batch size and runtime.
    var latencies: ReportTable {
        let shows = (
            stages: measurements.contains { $0.hostToDevice != nil },
            roofline: measurements.contains { $0.rooflinePercent != nil }
        )
        var columns = [ReportTable.Column("faces"), .init("runtime", isText: true)]
        columns += ["median", "p90", "p95", "p99"].map { .init($0) }
        if shows.stages { columns += ["to GPU", "compute", "from GPU"].map { .init($0) } }
        columns += [.init("first call"), .init("calls")]
        if shows.roofline { columns.append(.init("% of roofline")) }
        func cell(_ value: Double?) -> ReportTable.Cell { value.map { .text(Self.milliseconds($0)) } ?? .empty }
        let rows = measurements.map { item in
            let times = item.statistics
            var row: [ReportTable.Cell] = [.number(Double(item.batch), decimals: 0), .text(item.runtime)]
            row += [times.median, times.p90, times.p95, times.p99].map(cell)
            if shows.stages { row += [item.hostToDevice, item.compute, item.deviceToHost].map(cell) }
            row += [cell(item.first), .number(Double(times.count), decimals: 0)]
            if shows.roofline { row.append(item.rooflinePercent.map { .number($0, decimals: 1) } ?? .empty) }
            return row
        }
        return ReportTable(columns: columns, rows: rows, isGrouped: true)
    }

    /// A row for each runtime.
    var runtimeTable: ReportTable {
        let names = runtimes.first?.facts.map(\.name) ?? []
        return ReportTable(
            columns: [.init("runtime", isText: true)] + names.map { .init($0, isText: true) },
            rows: runtimes.map { runtime in [.text(runtime.name)] + runtime.facts.map { .text($0.value) } })
    }
}
