/// Checks of what a plan says for one batch size.
extension EnginePlan {
    private static let byteLimit = 1 << 40

    func check(_ bucket: PlanBucket) throws(CUDAEngineError) {
        let sizes = [bucket.arenaByteCount, bucket.workspaceByteCount, bucket.counterByteCount]
        try require(
            sizes.allSatisfy { (0...Self.byteLimit).contains($0) } && bucket.arenaByteCount % 256 == 0
                && bucket.placements.count == values.count, "a bucket's sizes")
        for (number, placement) in bucket.placements.enumerated() {
            let isOutside = number == 0 || number == embedding
            try require(isOutside == (placement == nil), "a value without a place")
            guard let placement else { continue }
            let size = values[number].byteCount * bucket.batch
            try require(
                values[number].element == element && placement >= 0 && placement % 256 == 0
                    && placement <= bucket.arenaByteCount && size <= bucket.arenaByteCount - placement,
                "a value outside the arena")
        }
        try require(
            bucket.launches.map(\.step) == Array(steps.indices), "launches that aren't the plan's steps")
        for launch in bucket.launches { try check(launch) }
    }

    private func check(_ launch: PlanLaunch) throws(CUDAEngineError) {
        let step = steps[launch.step]
        try require(
            kernels.indices.contains(launch.kernel) && step.weights.indices.contains(launch.weights)
                && (0...1 << 20).contains(launch.sharedMemory), "'\(step.name)' has no kernel")
        let extents = [launch.grid, launch.block] + (launch.cluster.map { [$0] } ?? [])
        for extent in extents {
            try require(
                [extent.x, extent.y, extent.z].allSatisfy { (1...1 << 30).contains($0) }, "'\(step.name)' has no grid")
        }
        guard case .tensorMaps(let maps) = launch.arguments else { return }
        try require(maps.count == 4 && element == .float16, "'\(step.name)' lacks tensor maps")
        for map in maps {
            try require(
                values.indices.contains(map.value) && values[map.value].element == .float16
                    && map.box.count == 4 && map.elementStrides.count == 4
                    && map.box.allSatisfy { (1...256).contains($0) }
                    && map.elementStrides.allSatisfy { (1...8).contains($0) },
                "'\(step.name)' has an impossible tensor map")
        }
    }
}
