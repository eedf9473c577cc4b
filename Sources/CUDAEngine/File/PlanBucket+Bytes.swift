extension PlanBucket {
    func write(to writer: inout ByteWriter) {
        writer.write(batch)
        writer.write(placements) { $0.write($1) { $0.write($1) } }
        for number in [arenaByteCount, workspaceByteCount, counterByteCount] { writer.write(number) }
        writer.write(launches) { $1.write(to: &$0) }
    }

    init(from reader: inout ByteReader) throws(CUDAEngineError) {
        self.init(
            batch: try reader.int(),
            placements: try reader.array { (reader) throws(CUDAEngineError) in
                try reader.optional { (reader) throws(CUDAEngineError) in try reader.int() }
            },
            arenaByteCount: try reader.int(), workspaceByteCount: try reader.int(), counterByteCount: try reader.int(),
            launches: try reader.array { (reader) throws(CUDAEngineError) in try PlanLaunch(from: &reader) })
    }
}

extension PlanLaunch {
    fileprivate func write(to writer: inout ByteWriter) {
        for number in [step, kernel, weights] { writer.write(number) }
        writer.write(grid)
        writer.write(block)
        writer.write(cluster) { $0.write($1) }
        writer.write(sharedMemory)
        writer.write(UInt8(overlapsPredecessor ? 1 : 0))
        var maps: [PlanTensorMap]?
        if case .tensorMaps(let all) = arguments { maps = all }
        writer.write(maps) { writer, maps in
            writer.write(maps) { writer, map in
                writer.write(map.value)
                writer.write(map.box) { $0.write($1) }
                writer.write(map.elementStrides) { $0.write($1) }
            }
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(CUDAEngineError) {
        self.init(
            step: try reader.int(), kernel: try reader.int(), weights: try reader.int(), grid: try reader.extents(),
            block: try reader.extents(),
            cluster: try reader.optional { (reader) throws(CUDAEngineError) in try reader.extents() },
            sharedMemory: try reader.int(), overlapsPredecessor: try reader.integer(UInt8.self) != 0,
            arguments: try reader.optional { (reader) throws(CUDAEngineError) in try reader.maps() }
                .map { .tensorMaps($0) } ?? .pointers)
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ extents: PlanExtents) {
        for number in [extents.x, extents.y, extents.z] { write(number) }
    }
}

extension ByteReader {
    fileprivate mutating func extents() throws(CUDAEngineError) -> PlanExtents {
        PlanExtents(try int(), try int(), try int())
    }

    fileprivate mutating func maps() throws(CUDAEngineError) -> [PlanTensorMap] {
        try array { (reader) throws(CUDAEngineError) in
            PlanTensorMap(
                value: try reader.int(),
                box: try reader.array { (reader) throws(CUDAEngineError) in try reader.int() },
                elementStrides: try reader.array { (reader) throws(CUDAEngineError) in try reader.int() })
        }
    }
}
