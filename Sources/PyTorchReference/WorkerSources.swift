import Foundation

/// The Python side's texts, which are part of the binary: it works wherever it is copied to.
enum WorkerSources {
    /// What `python3 -c` gets; it takes the rest from its standard input.
    static let bootstrap = text(PackageResources.bootstrap_py)

    /// The modules by name.
    static let modules: [String: String] = [
        "channel": text(PackageResources.channel_py),
        "checkpoint": text(PackageResources.checkpoint_py),
        "converters": text(PackageResources.converters_py),
        "failure": text(PackageResources.failure_py),
        "graph": text(PackageResources.graph_py),
        "machine": text(PackageResources.machine_py),
        "networks": text(PackageResources.networks_py),
        "orphan": text(PackageResources.orphan_py),
        "runner": text(PackageResources.runner_py),
        "worker": text(PackageResources.worker_py),
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
