import CUDADriver
import Foundation
import Synchronization
import Testing

@testable import ArcFaceTensorRT

@Suite("Staging faces in pinned memory")
struct StagedCopyTests {
    private static let chunk = StagedCopy.chunkByteCount

    /// Bytes that tell their place.
    private static func bytes(_ count: Int) -> [UInt8] {
        let block = (0..<4093).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 7) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + block.count)
        while bytes.count < count { bytes += block }
        return Array(bytes.prefix(count))
    }

    /// Stages bytes; gives what was filled when each part was told of.
    private static func staged(
        _ source: [UInt8], threads: Int, failingAfter limit: Int = .max
    ) throws -> (target: [UInt8], told: [(range: Range<Int>, isFilled: Bool)], error: CUDAError?) {
        let told = Mutex<[(range: Range<Int>, isFilled: Bool)]>([])
        var target = [UInt8](repeating: 0, count: source.count + 100)
        let error: CUDAError? = source.withUnsafeBytes { from in
            target.withUnsafeMutableBytes { to in
                nonisolated(unsafe) let (from, to) = (from, to)
                do throws(CUDAError) {
                    try StagedCopy(threads: threads).run(from: from, to: to) { (range) throws(CUDAError) in
                        let isFilled = Data(to[range]) == Data(from[range])
                        let number = told.withLock {
                            $0.append((range, isFilled))
                            return $0.count
                        }
                        if number > limit { throw CUDAError(code: .callFailed, what: "\(number)", where: "here") }
                    }
                    return nil
                } catch {
                    return error
                }
            }
        }
        return (target, told.withLock { $0 }, error)
    }

    @Test(arguments: [1, 2, 4], [1, 1000, chunk, chunk + 1, 8 * chunk, 9 * chunk - 7])
    func `fills everything, and tells of each part once and after it is filled`(threads: Int, count: Int) throws {
        let source = Self.bytes(count)
        let result = try Self.staged(source, threads: threads)
        #expect(result.target == source + [UInt8](repeating: 0, count: 100))
        #expect(result.told.allSatisfy { $0.isFilled })
        let parts = result.told.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
        #expect(parts.map(\.lowerBound) == [0] + parts.dropLast().map(\.upperBound))
        #expect(parts.last?.upperBound == count)
        #expect(parts.count == (count + Self.chunk - 1) / Self.chunk)
        #expect(result.error == nil)
    }

    @Test(arguments: [1, 4])
    func `begins no part after one whose copy failed, and throws its error`(threads: Int) throws {
        let result = try Self.staged(Self.bytes(40 * Self.chunk), threads: threads, failingAfter: 3)
        #expect(result.error?.what == "4" || threads > 1)
        #expect(result.error != nil)
        // Each other thread may have been in the middle of one.
        #expect(result.told.count <= 4 + threads - 1)
    }

    @Test func `of nothing tells of nothing`() throws {
        let result = try Self.staged([], threads: 4)
        #expect(result.told.isEmpty && result.error == nil)
    }
}
