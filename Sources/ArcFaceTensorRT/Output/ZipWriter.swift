import CZlib

/// Writes an uncompressed ZIP archive with ZIP64 records, as `numpy.load` reads it: members follow each other, then the directory.
///
/// Layout: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14–16 (end records).
/// Each member's CRC and size are known before its header is written, so no data descriptors are needed.
package final class ZipWriter {
    private struct Member {
        let name: [UInt8]
        let checksum: UInt32
        let size: UInt64
        let offset: UInt64
    }

    private let file: FileWriter
    private var members: [Member] = []
    private var offset: UInt64 = 0

    /// Begins an archive.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - retry: what the user is told to do once the cause of a failed write is mended.
    /// - Throws: `ArcFaceError` with code `outputUnwritable`.
    package init(path: String, retry: String) throws(ArcFaceError) {
        file = try FileWriter(path: path, retry: retry)
    }

    /// Adds a member made of a few header bytes and the contents of a file.
    ///
    /// - Parameters:
    ///   - name: the member's name.
    ///   - header: bytes before the file's.
    ///   - contents: the file; it is read twice (checksum, then copy).
    /// - Throws: `ArcFaceError` if reading or writing fails.
    package func add(
        name: String, header: [UInt8], contents: FileContents
    ) throws(ArcFaceError) {
        var checksum = header.withUnsafeBytes { update(0, $0) }
        var size = UInt64(header.count)
        try contents.forEachChunk { (chunk) throws(ArcFaceError) in
            checksum = update(checksum, chunk)
            size += UInt64(chunk.count)
        }
        let member = Member(name: Array(name.utf8), checksum: checksum, size: size, offset: offset)
        members.append(member)
        var local = Record()
        local.put(UInt32(0x0403_4b50))
        local.putCommon(checksum: checksum)
        local.put(UInt16(member.name.count))
        local.put(UInt16(20))
        local.bytes += member.name
        local.put(UInt16(1))
        local.put(UInt16(16))
        local.put(size)
        local.put(size)
        try file.write(local.bytes)
        try file.write(header)
        try contents.forEachChunk { (chunk) throws(ArcFaceError) in try file.write(chunk) }
        offset += UInt64(local.bytes.count) + size
    }

    /// Writes the directory and closes the file.
    package func finish() throws(ArcFaceError) {
        let start = offset
        var directory = Record()
        for member in members {
            directory.put(UInt32(0x0201_4b50))
            directory.put(UInt16(45))
            directory.putCommon(checksum: member.checksum)
            directory.put(UInt16(member.name.count))
            directory.put(UInt16(28))
            // Comment, disk, internal attributes; then external attributes and the offset, which the ZIP64 field holds.
            for _ in 0..<3 { directory.put(UInt16(0)) }
            directory.put(UInt32(0))
            directory.put(UInt32.max)
            directory.bytes += member.name
            directory.put(UInt16(1))
            directory.put(UInt16(24))
            directory.put(member.size)
            directory.put(member.size)
            directory.put(member.offset)
        }
        let size = UInt64(directory.bytes.count)
        var end = Record()
        end.put(UInt32(0x0606_4b50))
        end.put(UInt64(44))
        end.put(UInt16(45))
        end.put(UInt16(45))
        end.put(UInt32(0))
        end.put(UInt32(0))
        end.put(UInt64(members.count))
        end.put(UInt64(members.count))
        end.put(size)
        end.put(start)
        end.put(UInt32(0x0706_4b50))
        end.put(UInt32(0))
        end.put(start + size)
        end.put(UInt32(1))
        end.put(UInt32(0x0605_4b50))
        end.put(UInt32(0))
        end.put(UInt16(members.count))
        end.put(UInt16(members.count))
        end.put(UInt32.max)
        end.put(UInt32.max)
        end.put(UInt16(0))
        try file.write(directory.bytes + end.bytes)
        try file.finish()
    }

    private func update(_ checksum: UInt32, _ chunk: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(crc32_z(uLong(checksum), chunk.bindMemory(to: UInt8.self).baseAddress, chunk.count))
    }

    /// Little-endian fields, one after another.
    private struct Record {
        var bytes: [UInt8] = []

        mutating func put<Value: FixedWidthInteger>(_ value: Value) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }

        /// Version needed, flags (UTF-8 names), stored, a fixed time (so that equal input gives equal files), CRC, ZIP64 sizes.
        mutating func putCommon(checksum: UInt32) {
            put(UInt16(45))
            put(UInt16(0x0800))
            put(UInt16(0))
            put(UInt16(0))
            put(UInt16(0x0021))
            put(checksum)
            put(UInt32.max)
            put(UInt32.max)
        }
    }
}
