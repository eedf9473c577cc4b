import ArcFaceTensorRT
import Foundation

// cuda-engine-check build MODEL.onnx FOLDER LARGEST-BATCH [PRECISION [measured|table]]
// cuda-engine-check run ENGINE.plan FACES.u8 OUT.f32 [--no-timing]
// cuda-engine-check rates ENGINE.plan FACES.u8 [SECONDS]
//
// For machines with a GPU and without Swift (scripts/gpu/cuda-engine.sh): one JSON object a line.

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch (arguments.first, arguments.count) {
    case ("build", 4...6):
        try EngineCheck.build(
            model: arguments[1], folder: arguments[2], largest: arguments[3],
            precision: arguments.count > 4 ? arguments[4] : "fp16", tiles: arguments.count > 5 ? arguments[5] : nil)
    case ("run", 4...5):
        try await EngineCheck.run(
            engine: arguments[1], faces: arguments[2], output: arguments[3],
            measures: arguments.last != "--no-timing")
    case ("rates", 3...4):
        guard let seconds = arguments.count == 4 ? Double(arguments[3]) : 10 else { fallthrough }
        try EngineCheck.rates(engine: arguments[1], faces: arguments[2], seconds: seconds)
    default:
        FileHandle.standardError.write(
            Data(
                "cuda-engine-check: build MODEL FOLDER BATCH [PRECISION], run ENGINE FACES OUT, or rates ENGINE FACES [SECONDS]\n"
                    .utf8
            ))
        exit(64)
    }
} catch {
    FileHandle.standardError.write(Data("cuda-engine-check: \(error)\n".utf8))
    exit(70)
}
