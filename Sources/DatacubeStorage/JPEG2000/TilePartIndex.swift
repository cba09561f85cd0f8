/// Offset and length of every tile-part of a codestream, so that a window can be read without hopping through
/// the whole file: files of baselines before 2026 have no TLM segment that would tell.
struct TilePartIndex: Sendable, Equatable {
    /// Byte ranges in the file, SOT marker included, of each tile's parts in order.
    let parts: [[Range<Int>]]

    /// Walks from tile-part to tile-part by the lengths that their SOT segments give.
    ///
    /// - Throws: ``PipelineError`` when the file ends early, a tile is missing or the end marker is not there:
    ///   the signs of a truncated download.
    init(_ file: any ObjectReader, header: CodestreamHeader, path: String) throws {
        let size = try file.size()
        var parts = [[Range<Int>]](repeating: [], count: header.tileCount)
        var position = header.firstTilePart
        // SOT segment of 12 bytes, or the end marker of 2.
        while position + 12 <= size {
            let segment = MarkerReader(path: path, bytes: try file.read(count: 12, at: position))
            let marker = try segment.uint16(0)
            if marker == Marker.endOfCodestream { break }
            guard marker == Marker.startOfTilePart else { throw segment.malformed() }
            let tile = try segment.uint16(4)
            let length = try segment.uint32(6)
            // Length 0 means "up to the end marker" and may stand in the last tile-part only.
            let end = length == 0 ? size - 2 : position + length
            guard tile < parts.count, end >= position + 12 else { throw segment.malformed() }
            guard end <= size else { throw Self.truncated(path, size: size, tile: tile) }
            parts[tile].append(position..<end)
            position = end
        }
        guard position + 2 <= size, try file.read(count: 2, at: position) == [0xFF, 0xD9] else {
            throw Self.truncated(path, size: size, tile: parts.firstIndex { $0.isEmpty } ?? parts.count - 1)
        }
        if let absent = parts.firstIndex(where: \.isEmpty) {
            throw Self.truncated(path, size: size, tile: absent)
        }
        self.parts = parts
    }

    /// Takes ranges that were found before.
    init(parts: [[Range<Int>]]) { self.parts = parts }

    private static func truncated(_ path: String, size: Int, tile: Int) -> PipelineError {
        let reason = "is truncated: its \(size) bytes end within or before JPEG 2000 tile \(tile)"
        return PipelineError(.corrupt, "\(path) \(reason); fetch the product again")
    }
}
