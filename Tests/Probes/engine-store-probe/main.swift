// Builds an example engine in a folder, or holds its lock, in a process of its own.
//
//   engine-store-probe build FOLDER MODEL [log=FILE] [bytes=N] [seed=N] [pause-us=N] [user=UID] [file-limit=BYTES]
//   engine-store-probe hold FOLDER MODEL      until standard input ends
//   engine-store-probe load FOLDER MODEL
//
// Prints what it did. Exit status: 0, or 1 with the error on standard error.
import Digests
import EngineStore
import Glibc

/// Options of the form `name=value`.
func option(_ name: String) -> String? {
    CommandLine.arguments.dropFirst(4).first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
}

func number(_ name: String, _ usual: Int) -> Int { option(name).flatMap { Int($0) } ?? usual }

func say(_ text: String) {
    print(text)
    fflush(nil)
}

/// One short line at a file's end, which no other process's line can split.
func log(_ line: String, to path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard file >= 0 else { return }
    _ = (line + "\n").withCString { write(file, $0, strlen($0)) }
    close(file)
}

func build(_ folder: EngineFolder, _ name: EngineName) throws {
    let waiting = LockWaiting(report: { say("waiting for \($0?.description ?? "somebody")") })
    let result = try folder.findOrBuild(ExampleEngine.key(name), waiting: waiting) { lock, miss in
        say("building because \(miss)")
        if let path = option("log") { log("built by \(getpid())", to: path) }
        let plan = ExampleEngine.plan(count: number("bytes", 1 << 16), seed: UInt64(number("seed", 1)))
        let writer = try PlanWriter(holding: lock)
        let piece = max(plan.count / 8, 1)
        for start in stride(from: 0, to: plan.count, by: piece) {
            usleep(UInt32(number("pause-us", 0)))
            try plan[start..<min(start + piece, plan.count)].withUnsafeBytes { try writer.append($0) }
        }
        return try writer.commit(ExampleEngine.manifest(name, plan: plan))
    }
    say("\(result.isNew ? "built" : "found") \(result.engine.manifest.plan.sha256)")
}

func main() throws {
    guard CommandLine.arguments.count >= 4 else {
        throw EngineStoreError(.invalidName, "three arguments are needed", at: "engine-store-probe", mend: "")
    }
    let folder = EngineFolder(path: CommandLine.arguments[2], trust: .anyone)
    let name = try ExampleEngine.name(model: CommandLine.arguments[3])
    if let limit = option("file-limit").flatMap({ UInt($0) }) {
        var limits = rlimit(rlim_cur: limit, rlim_max: limit)
        // Whoever started this process may have blocked or ignored it.
        signal(SIGXFSZ, SIG_DFL)
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
    }
    if let user = option("user").flatMap({ UInt32($0) }) { setuid(user) }
    switch CommandLine.arguments[1] {
    case "build":
        try build(folder, name)
    case "hold":
        let lock = try folder.lock(name)
        say("held \(lock.name)")
        while getchar() != EOF {}
    default:
        say("loaded \(try folder.load(folder.engine(named: name)).engine.manifest.plan.sha256)")
    }
}

do {
    try main()
} catch {
    _ = "\(error)\n".withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(1)
}
