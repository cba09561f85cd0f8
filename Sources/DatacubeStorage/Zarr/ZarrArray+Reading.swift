extension ZarrArray {
    /// The chunks that a region touches.
    public func chunks(touching region: [Range<Int>]) throws -> TouchedChunks {
        try chunks(touching: region, to: region.map { _ in 0 }, of: region.map(\.count))
    }

    /// The chunks that a region touches which is a part of a destination: where it begins there, and the destination's shape.
    func chunks(touching region: [Range<Int>], to start: [Int], of shape: [Int]) throws -> TouchedChunks {
        do {
            return try TouchedChunks(region, of: metadata, path: path, to: start, in: shape)
        } catch let error as PipelineError {
            throw error.within("array \(store)/\(path)")
        }
    }

    /// Reads a region, its parts side by side on the executor.
    ///
    /// - Parameters:
    ///   - region: One range for each dimension, within the array.
    ///   - destination: Exactly the region's bytes, filled in C order with elements of this machine's byte order. It
    ///     must stay valid until the call returns.
    ///   - executor: Whose threads read and decode.
    /// - Throws: `corrupt` with the chunk's key when a chunk is damaged; what `destination` holds then is undefined.
    public func read(
        region: [Range<Int>],
        into destination: UnsafeMutableRawBufferPointer,
        on executor: BlockingExecutor
    ) async throws {
        let chunks = try unsafe chunks(touching: region, for: destination)
        let target = unsafe SharedDestination(destination)
        let threads = store.properties.pieces(for: executor.width)
        let unprepared = unprepared(chunks)
        try await executor.forEach(unprepared.count) { try prepare(unprepared[$0]) }
        // The largest parts first, so that no thread is left with one at the end.
        let parts = try parts(of: chunks, threads: threads).sorted { $0.elementCount > $1.elementCount }
        try await executor.forEach(parts.count, atMost: mostReads) { number in
            try DecodeScratch.withScratch { scratch in
                try unsafe read(parts[number], into: target.bytes, scratch: scratch)
            }
        }
    }

    /// Reads a region on this thread.
    public func read(region: [Range<Int>], into destination: UnsafeMutableRawBufferPointer) throws {
        let chunks = try unsafe chunks(touching: region, for: destination)
        for chunk in unprepared(chunks) { try prepare(chunk) }
        let parts = try parts(of: chunks, threads: 1)
        try DecodeScratch.withScratch { scratch in
            for part in parts { try unsafe read(part, into: destination, scratch: scratch) }
        }
    }

    private func chunks(
        touching region: [Range<Int>],
        for destination: UnsafeMutableRawBufferPointer
    ) throws -> TouchedChunks {
        guard metadata.dataType != .string else {
            throw PipelineError(.mismatch, "array \(store)/\(path) holds text; read it with readAllStrings")
        }
        let chunks = try chunks(touching: region)
        guard destination.count == byteCount(of: region) else {
            throw PipelineError(
                .mismatch,
                "array \(store)/\(path): region \(region) takes \(byteCount(of: region)) bytes, not \(destination.count)"
            )
        }
        return chunks
    }
}

/// Memory that several threads fill, each its own part.
@safe struct SharedDestination: @unchecked Sendable {
    // Sound: the parts are disjoint, and the caller keeps the memory until all threads are done.
    let bytes: UnsafeMutableRawBufferPointer

    init(_ bytes: UnsafeMutableRawBufferPointer) { unsafe self.bytes = unsafe bytes }
}

extension ChunkSelection {
    /// The selection in up to `pieces` parts along the first of `axes` on which it has more than one element.
    func split(into pieces: Int, along axes: Range<Int>) -> [ChunkSelection] {
        guard let axis = axes.first(where: { chunkRegion[$0].count > 1 }) else { return [self] }
        let range = chunkRegion[axis]
        let count = min(pieces, range.count)
        return (0..<count).map { piece in
            let start = range.lowerBound + range.count * piece / count
            var part = self
            part.overlap.chunkRegion[axis] = start..<range.lowerBound + range.count * (piece + 1) / count
            part.overlap.destinationStart[axis] += start - range.lowerBound
            return part
        }
    }
}
