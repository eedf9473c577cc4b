internal import CONNXRuntime
internal import Glibc

/// Pairs of strings in the form that C wants, owned here.
struct CSettings: ~Copyable {
    private let keys: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>
    private let values: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>

    init(_ settings: [String: String]) {
        let pairs = settings.sorted { $0.key < $1.key }
        keys = .allocate(capacity: pairs.count)
        values = .allocate(capacity: pairs.count)
        _ = keys.initialize(from: pairs.map { UnsafePointer(strdup($0.key)) })
        _ = values.initialize(from: pairs.map { UnsafePointer(strdup($0.value)) })
    }

    /// Valid as long as this value is.
    var view: cort_settings {
        cort_settings(
            keys: UnsafePointer(keys.baseAddress), values: UnsafePointer(values.baseAddress), count: keys.count)
    }

    deinit {
        for text in keys { free(UnsafeMutablePointer(mutating: text)) }
        for text in values { free(UnsafeMutablePointer(mutating: text)) }
        keys.deallocate()
        values.deallocate()
    }
}
