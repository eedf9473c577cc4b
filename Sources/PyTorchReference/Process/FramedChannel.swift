import Foundation
import Glibc

/// Frames over a socket: kind (uint32), length of the payload (uint64), both little-endian, then the payload.
final class FramedChannel: Sendable {
    private let socket: Int32
    private let record: ChildRecord

    /// How often the child's end is looked for while nothing comes, in milliseconds: processes that it started may keep the socket open.
    private static let tick = 100

    private static let headerSize = 12

    /// Takes over the socket.
    init(socket: Int32, record: ChildRecord) {
        self.socket = socket
        self.record = record
    }

    deinit { close(socket) }

    /// What became of the other side.
    enum Interruption: Error {
        case gone
        case late
        case system(SystemFailure)
    }

    /// Sends a frame.
    func send(_ kind: UInt32, _ payload: UnsafeRawBufferPointer, until deadline: Date) throws(Interruption) {
        var header: [UInt8] = []
        withUnsafeBytes(of: kind.littleEndian) { header += $0 }
        withUnsafeBytes(of: UInt64(payload.count).littleEndian) { header += $0 }
        let failure: Interruption? = header.withUnsafeBytes { header in
            do throws(Interruption) {
                try send(header, until: deadline)
                try send(payload, until: deadline)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Receives the head of the next frame.
    func receiveHeader(until deadline: Date) throws(Interruption) -> (kind: UInt32, length: UInt64) {
        let header = try receive(Self.headerSize, until: deadline)
        return header.withUnsafeBytes { bytes in
            (
                UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)),
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
            )
        }
    }

    /// Receives so many bytes.
    func receive(_ count: Int, until deadline: Date) throws(Interruption) -> [UInt8] {
        var failure: Interruption?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(Interruption) {
                try receive(into: UnsafeMutableRawBufferPointer(buffer), until: deadline)
                filled = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Fills the buffer.
    func receive(into buffer: UnsafeMutableRawBufferPointer, until deadline: Date) throws(Interruption) {
        var done = 0
        while done < buffer.count {
            try wait(for: Int16(POLLIN), until: deadline)
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = recv(socket, rest.baseAddress, rest.count, Self.noWaiting)
            if count == 0 { throw .gone }
            done += try progress(count)
        }
    }

    private func send(_ bytes: UnsafeRawBufferPointer, until deadline: Date) throws(Interruption) {
        var done = 0
        while done < bytes.count {
            try wait(for: Int16(POLLOUT), until: deadline)
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            done += try progress(Glibc.send(socket, rest.baseAddress, rest.count, Self.noWaiting | Self.noSignal))
        }
    }

    private static let noWaiting = Int32(MSG_DONTWAIT)
    private static let noSignal = Int32(MSG_NOSIGNAL)

    /// Bytes that a call moved, none if it has to be made again.
    private func progress(_ count: Int) throws(Interruption) -> Int {
        if count >= 0 { return count }
        switch errno {
        case EAGAIN, EINTR: return 0
        case EPIPE, ECONNRESET: throw .gone
        case let code: throw .system(SystemFailure(code: code))
        }
    }

    /// Waits until the socket is ready for something, or closed.
    private func wait(for events: Int16, until deadline: Date) throws(Interruption) {
        while true {
            var state = pollfd(fd: socket, events: events, revents: 0)
            let left = Int(deadline.timeIntervalSinceNow * 1000)
            if poll(&state, 1, Int32(max(0, min(left, Self.tick)))) > 0 { return }
            if record.exit != nil { throw .gone }
            if left <= 0 { throw .late }
        }
    }
}
