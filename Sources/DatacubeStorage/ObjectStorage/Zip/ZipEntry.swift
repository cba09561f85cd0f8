// APPNOTE.TXT 6.3.10, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

/// A file in a ZIP archive that is stored as it is, not compressed.
struct ZipEntry: Sendable, Equatable {
    /// Its name in the archive.
    let name: String
    /// Bytes.
    let size: Int
    let checksum: UInt32
    /// Where its local header begins in the archive.
    let headerOffset: Int

    static let localHeaderBytes = 30
    static let directoryRecordBytes = 46
    /// What stands in a field of 32 bits when a ZIP64 field has the number.
    static let escape32: UInt32 = .max
    private static let localSignature: UInt32 = 0x0403_4B50
    private static let directorySignature: UInt32 = 0x0201_4B50
    private static let zip64Tag: UInt16 = 1
    // 1980-01-01, the first day of ZIP's calendar: equal contents make equal archives.
    private static let date: UInt16 = 0x0021
    // A regular file that its owner may write and all may read, as Unix has it.
    private static let attributes: UInt32 = 0o100_644 << 16

    /// Bytes that the local header, the name and the content take.
    static func storedBytes(name: String, size: Int) -> Int { localHeaderBytes + name.utf8.count + size }

    /// The local header with the name; content of 4 GiB and more does not fit in here.
    func localHeader() -> [UInt8] {
        var bytes = LittleEndianBytes()
        bytes.append(Self.localSignature)
        appendCommonFields(to: &bytes, version: 20)
        bytes.append(UInt32(size))
        bytes.append(UInt32(size))
        bytes.append(UInt16(name.utf8.count))
        bytes.append(UInt16(0))
        return bytes.bytes + Array(name.utf8)
    }

    /// The record in the archive's directory; a ZIP64 field has an offset of 4 GiB and more.
    func directoryRecord() -> [UInt8] {
        let isFar = headerOffset >= Int(Self.escape32)
        var bytes = LittleEndianBytes()
        bytes.append(Self.directorySignature)
        // Made on Unix, by version 4.5.
        bytes.append(UInt16(3 << 8 | 45))
        appendCommonFields(to: &bytes, version: isFar ? 45 : 20)
        bytes.append(UInt32(size))
        bytes.append(UInt32(size))
        bytes.append(UInt16(name.utf8.count))
        bytes.append(UInt16(isFar ? 12 : 0))
        // Comment, disk, internal attributes.
        for _ in 0..<3 { bytes.append(UInt16(0)) }
        bytes.append(Self.attributes)
        bytes.append(isFar ? Self.escape32 : UInt32(headerOffset))
        guard isFar else { return bytes.bytes + Array(name.utf8) }
        var extra = LittleEndianBytes()
        extra.append(Self.zip64Tag)
        extra.append(UInt16(8))
        extra.append(UInt64(headerOffset))
        return bytes.bytes + Array(name.utf8) + extra.bytes
    }

    private func appendCommonFields(to bytes: inout LittleEndianBytes, version: UInt16) {
        bytes.append(version)
        // No flags, stored, midnight.
        for _ in 0..<3 { bytes.append(UInt16(0)) }
        bytes.append(Self.date)
        bytes.append(checksum)
    }

    /// Reads the record at the beginning of some bytes.
    ///
    /// - Returns: The entry, nil for a folder, and how many bytes its record takes.
    /// - Throws: `corrupt` for no record, `unsupported` for an entry that is compressed or encrypted.
    static func parse(_ bytes: ArraySlice<UInt8>) throws(PipelineError) -> (entry: ZipEntry?, byteCount: Int) {
        let fields = LittleEndianFields(bytes)
        guard fields.uint32(at: 0) == directorySignature, let flags = fields.uint16(at: 8),
            let method = fields.uint16(at: 10), let checksum = fields.uint32(at: 16),
            let nameBytes = fields.uint16(at: 28), let extraBytes = fields.uint16(at: 30),
            let commentBytes = fields.uint16(at: 32)
        else { throw PipelineError(.corrupt, "a record of its directory is damaged") }
        let (nameEnd, count) = (directoryRecordBytes + Int(nameBytes), Int(nameBytes) + Int(extraBytes))
        let byteCount = directoryRecordBytes + count + Int(commentBytes)
        guard byteCount <= bytes.count,
            let name = String(validating: fields.slice(directoryRecordBytes..<nameEnd), as: UTF8.self)
        else { throw PipelineError(.corrupt, "a record of its directory is damaged") }
        guard !name.hasSuffix("/") else { return (nil, byteCount) }
        guard method == 0, flags & 1 == 0 else {
            throw PipelineError(.unsupported, "\(name) is compressed or encrypted; files must be stored as they are")
        }
        let extra = LittleEndianFields(fields.slice(nameEnd..<(nameEnd + Int(extraBytes))))
        let numbers = try Zip64Numbers(fields, extra: extra)
        guard numbers.size == numbers.compressedSize, numbers.size <= ObjectSize.largest,
            numbers.offset <= ObjectSize.largest
        else { throw PipelineError(.corrupt, "\(name) has a size or a place that cannot be") }
        let entry = ZipEntry(
            name: name,
            size: Int(numbers.size),
            checksum: checksum,
            headerOffset: Int(numbers.offset)
        )
        return (entry, byteCount)
    }

    /// Sizes and offset of a directory record, from its ZIP64 field where 32 bits do not hold them.
    private struct Zip64Numbers {
        var size: UInt64
        var compressedSize: UInt64
        var offset: UInt64

        init(_ record: LittleEndianFields, extra: LittleEndianFields) throws(PipelineError) {
            guard let compressed = record.uint32(at: 20), let size = record.uint32(at: 24),
                let offset = record.uint32(at: 42)
            else { throw PipelineError(.corrupt, "a record of its directory is damaged") }
            (self.size, compressedSize, self.offset) = (UInt64(size), UInt64(compressed), UInt64(offset))
            var position = Self.start(in: extra)
            for path in [\Self.size, \Self.compressedSize, \Self.offset] where self[keyPath: path] == escape32 {
                guard let place = position, let value = extra.uint64(at: place) else {
                    throw PipelineError(.corrupt, "a ZIP64 field of its directory is missing")
                }
                self[keyPath: path] = value
                position = place + 8
            }
        }

        /// Where the numbers of the ZIP64 field begin.
        private static func start(in extra: LittleEndianFields) -> Int? {
            var position = 0
            while let tag = extra.uint16(at: position), let size = extra.uint16(at: position + 2) {
                if tag == zip64Tag { return position + 4 }
                position += 4 + Int(size)
            }
            return nil
        }
    }
}
