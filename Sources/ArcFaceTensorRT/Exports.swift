// One import is enough for users: batches of faces, thresholds, verdicts and preprocessing come with the facade.
@_exported public import FaceImages

@_exported public import struct Evaluation.ComparisonThresholds
@_exported public import enum Evaluation.Verdict
@_exported public import struct ONNXModel.Preprocessing
