import Testing

/// What runs on `TileMachine`, whose kernels are told of by one state of the process: one test at a time.
@Suite("Tiles", .serialized, .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"))
enum TileTests {}
