import Evaluation
import Foundation

extension VerificationReport {
    /// The report as one JSON object, keys sorted; rates are 0…1. Numbers that there aren't are null.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Only strings, booleans and finite numbers: encoding can't fail, and an empty object would show if it did.
        return (try? encoder.encode(Document(self))).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// The report as it is written; the names are the JSON's.
private struct Document: Encodable {
    struct Runtime: Encodable {
        let backend, version, device, model, precision, preprocessing: String

        init(_ information: EmbedderInformation) {
            backend = information.backend
            version = information.runtimeVersion
            device = information.device
            model = information.modelPath
            precision = information.precision.rawValue
            preprocessing = information.preprocessing
        }
    }

    struct Figure: Encodable {
        let value: Double?
        let interval, shift_interval: [Double]?
        let shift: Double?

        init(_ scoring: VerificationReport.Scoring, first: VerificationReport.Scoring, _ place: Int) {
            func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
            func ends(_ intervals: [VerificationBootstrap.Interval]) -> [Double]? {
                guard place < intervals.count, intervals[place].low.isFinite else { return nil }
                return [intervals[place].low, intervals[place].high]
            }
            value = finite(scoring.figures.values[place])
            interval = ends(scoring.intervals)
            shift_interval = ends(scoring.shifts)
            shift =
                scoring.name == first.name
                ? nil : finite(scoring.figures.values[place] - first.figures.values[place])
        }

        private enum Keys: String, CodingKey {
            case value, interval, shift, shift_interval
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            // Its key shows that the figure was asked for.
            try container.encode(value, forKey: .value)
            try container.encodeIfPresent(interval, forKey: .interval)
            try container.encodeIfPresent(shift, forKey: .shift)
            try container.encodeIfPresent(shift_interval, forKey: .shift_interval)
        }
    }

    struct Rate: Encodable {
        let far: Double
        let tar: Figure
        let threshold: Double?
        let impostor_pairs_needed: Int
    }

    struct Fold: Encodable {
        let accuracy: Double
        let threshold: Double?
    }

    struct Scoring: Encodable {
        let name: String
        let accuracy, equal_error_rate, area: Figure
        let accuracy_std: Double
        let threshold_mean: Double?
        let tar_at_far: [Rate]
        let folds: [Fold]

        init(_ scoring: VerificationReport.Scoring, first: VerificationReport.Scoring) {
            let figures = scoring.figures
            func figure(_ place: Int) -> Figure { Figure(scoring, first: first, place) }
            let rates = figures.operatingPoints
            name = scoring.name
            accuracy = figure(0)
            equal_error_rate = figure(rates.count + 1)
            area = figure(rates.count + 2)
            accuracy_std = figures.accuracy.deviation
            threshold_mean = figures.accuracy.meanThreshold.isFinite ? figures.accuracy.meanThreshold : nil
            tar_at_far = rates.enumerated().map { number, rate in
                Rate(
                    far: rate.falseAcceptRate, tar: figure(number + 1),
                    threshold: rate.threshold.flatMap { $0.isFinite ? $0 : nil },
                    impostor_pairs_needed: rate.pairsNeeded)
            }
            folds = figures.accuracy.folds.map {
                Fold(accuracy: $0.accuracy, threshold: $0.threshold.isFinite ? $0.threshold : nil)
            }
        }
    }

    let pairs_file, faces_folder: String
    let pairs, same_pairs, impostor_pairs, pairs_left_out, folds, faces: Int
    let failures: [String]
    let flip: Bool
    let bootstrap_samples: Int
    let seed: UInt64
    let runtimes: [Runtime]
    let scorings: [Scoring]

    init(_ report: VerificationReport) {
        pairs_file = report.pairsPath
        faces_folder = report.facesFolder
        pairs = report.pairCount
        same_pairs = report.sameCount
        impostor_pairs = report.pairCount - report.sameCount
        pairs_left_out = report.leftOut
        folds = report.foldCount
        faces = report.faceCount
        failures = report.failures
        flip = report.flip
        bootstrap_samples = report.samples
        seed = report.seed
        runtimes = report.runtimes.map(Runtime.init)
        scorings = report.scorings.map { Scoring($0, first: report.scorings[0]) }
    }
}
