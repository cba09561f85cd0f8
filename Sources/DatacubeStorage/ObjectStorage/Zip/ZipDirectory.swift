// APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16: the directory, the ZIP64 records and the end record

/// The directory at the end of a ZIP archive, which lists its entries.
struct ZipDirectory: Sendable {
    /// In the order of the directory; of several entries of one name the last one counts.
    let entries: [ZipEntry]
    /// Where the directory begins: what is before it are the entries.
    let start: Int

    static let endBytes = 22
    private static let end64Bytes = 56
    private static let locatorBytes = 20
    private static let endSignature: UInt32 = 0x0605_4B50
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let locatorSignature: UInt32 = 0x0706_4B50
    // A comment may follow the end record.
    private static let mostCommentBytes = 0xFFFF
    // A tile-year has some twelve thousand chunks; a record takes some hundred bytes.
    private static let mostEntries = 4 << 20
    private static let mostBytes = 1 << 29

    /// Bytes at an archive's end that most likely hold all of the directory: a full year's has about 1.2 MB.
    static let likelyBytes = 2 << 20

    init(entries: [ZipEntry], start: Int) {
        self.entries = entries
        self.start = start
    }

    /// Reads the directory of an archive, by one read where it lies within the last ``likelyBytes``.
    ///
    /// - Throws: `corrupt` where there is none, `unsupported` where entries are compressed.
    init(of archive: any ObjectReader) throws {
        let size = try archive.size()
        let tail = try archive.read(count: min(size, Self.likelyBytes), at: size - min(size, Self.likelyBytes))
        let end = try EndRecord(tail[...], archiveSize: size)
        guard end.entryCount <= Self.mostEntries, end.directory.count <= Self.mostBytes else {
            throw PipelineError(.unsupported, "its directory has \(end.entryCount) entries, more than a tile-year's")
        }
        let tailStart = size - tail.count
        let bytes =
            end.directory.lowerBound >= tailStart
            ? tail[(end.directory.lowerBound - tailStart)..<(end.directory.upperBound - tailStart)]
            : try archive.read(count: end.directory.count, at: end.directory.lowerBound)[...]
        self.init(entries: try Self.parse(bytes, count: end.entryCount), start: end.directory.lowerBound)
    }

    private static func parse(_ bytes: ArraySlice<UInt8>, count: Int) throws(PipelineError) -> [ZipEntry] {
        var entries: [ZipEntry] = []
        var rest = bytes
        for _ in 0..<count {
            let (entry, byteCount) = try ZipEntry.parse(rest)
            if let entry { entries.append(entry) }
            rest = rest.dropFirst(byteCount)
        }
        return entries
    }

    /// The directory's bytes, with the ZIP64 records and the end record behind it.
    func bytes() -> [UInt8] {
        let records = entries.flatMap { $0.directoryRecord() }
        var end = LittleEndianBytes()
        end.append(Self.end64Signature)
        end.append(UInt64(Self.end64Bytes - 12))
        end.append(UInt16(3 << 8 | 45))
        end.append(UInt16(45))
        // This disk, the directory's.
        end.append(UInt32(0))
        end.append(UInt32(0))
        for number in [entries.count, entries.count, records.count, start] { end.append(UInt64(number)) }
        end.append(Self.locatorSignature)
        end.append(UInt32(0))
        end.append(UInt64(start + records.count))
        end.append(UInt32(1))
        end.append(Self.endSignature)
        end.append(UInt16(0))
        end.append(UInt16(0))
        let count16 = UInt16(clamping: entries.count)
        end.append(count16)
        end.append(count16)
        end.append(UInt32(clamping: records.count))
        end.append(UInt32(clamping: start))
        end.append(UInt16(0))
        return records + end.bytes
    }

    /// What the end of an archive says of its directory.
    private struct EndRecord {
        let entryCount: Int
        let directory: Range<Int>

        /// Reads the last bytes of an archive of so many bytes.
        ///
        /// - Throws: `corrupt` where they are not an archive's.
        init(_ tail: ArraySlice<UInt8>, archiveSize: Int) throws {
            let fields = LittleEndianFields(tail)
            guard let place = Self.find(in: fields, count: tail.count) else {
                throw PipelineError(.corrupt, "it does not end as a ZIP archive does")
            }
            var count = UInt64(fields.uint16(at: place + 10) ?? 0)
            var size = UInt64(fields.uint32(at: place + 12) ?? 0)
            var start = UInt64(fields.uint32(at: place + 16) ?? 0)
            if fields.uint32(at: place - locatorBytes) == locatorSignature,
                let position = fields.uint64(at: place - locatorBytes + 8)
            {
                let offset = Int(clamping: position) - (archiveSize - tail.count)
                guard fields.uint32(at: offset) == end64Signature, let entries = fields.uint64(at: offset + 32),
                    let bytes = fields.uint64(at: offset + 40), let first = fields.uint64(at: offset + 48)
                else { throw PipelineError(.corrupt, "the ZIP64 record at its end is damaged") }
                (count, size, start) = (entries, bytes, first)
            }
            guard size <= archiveSize, start <= UInt64(archiveSize) - size, count <= size else {
                throw PipelineError(.corrupt, "its directory lies beyond its end")
            }
            entryCount = Int(count)
            directory = Int(start)..<Int(start + size)
        }

        private static func find(in fields: LittleEndianFields, count: Int) -> Int? {
            let last = count - endBytes
            guard last >= 0 else { return nil }
            return (max(0, last - mostCommentBytes)...last).reversed().first { place in
                fields.uint32(at: place) == endSignature
                    && Int(fields.uint16(at: place + 20) ?? 0) == count - place - endBytes
            }
        }
    }
}
