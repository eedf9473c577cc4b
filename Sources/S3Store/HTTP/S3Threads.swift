internal import Foundation
internal import Synchronization

/// Threads of our own for asynchronous work that somebody waits for: whoever blocks a thread of Swift's shared pool while
/// waiting can't keep that work from going on.
final class S3Threads: TaskExecutor {
    static let shared = S3Threads(count: 4)

    private let condition = NSCondition()
    private let jobs = Mutex<[UnownedJob]>([])

    private init(count: Int) {
        for number in 0..<count {
            let thread = Thread { [self] in work() }
            thread.name = "s3-\(number)"
            thread.start()
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.lock()
        jobs.withLock { $0.append(job) }
        condition.signal()
        condition.unlock()
    }

    private func work() {
        while true {
            condition.lock()
            while jobs.withLock({ $0.isEmpty }) { condition.wait() }
            let job = jobs.withLock { $0.removeFirst() }
            condition.unlock()
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
