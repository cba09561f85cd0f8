extension ZarrArray {
    /// The chunks that a region touches, for callers that schedule them with other work.
    public func plan(_ region: [Range<Int>]) throws -> ChunkPlan {
        do {
            return try ChunkPlan(region, of: metadata, path: path)
        } catch let error as PipelineError {
            throw error.within("array \(store)/\(path)")
        }
    }

    /// Reads what is wanted of one chunk into its places, on this thread.
    ///
    /// - Parameters:
    ///   - selection: One of a ``ChunkPlan``'s.
    ///   - destination: The whole region's memory, in C order. Selections of one plan never write the same bytes.
    ///   - scratch: Memory that no other thread uses now.
    /// - Throws: `corrupt` with the chunk's key when its bytes are damaged.
    public func read(
        _ selection: ChunkSelection,
        into destination: UnsafeMutableRawBufferPointer,
        scratch: DecodeScratch
    ) throws {
        do {
            guard let object = try store.reader(of: selection.key) else {
                return unsafe fill(selection.overlap, destination)
            }
            try unsafe pipeline.read(object, selection.overlap, into: destination, gap: store.rangeGap, scratch)
        } catch {
            throw inChunk(selection.key, error)
        }
    }

    /// Reads a region, its chunks side by side on the executor.
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
        let plan = try unsafe checkedPlan(region, destination)
        let target = unsafe SharedDestination(destination)
        if let sharding = pipeline.onlySharding {
            return try await read(plan, sharding, into: target, on: executor)
        }
        // The largest parts first, so that no thread is left with one at the end.
        let pieces = split(plan.selections, among: executor.width).sorted { $0.elementCount > $1.elementCount }
        try await executor.forEach(pieces.count) { number in
            try DecodeScratch.withScratch { scratch in
                try unsafe read(pieces[number], into: target.bytes, scratch: scratch)
            }
        }
    }

    /// Reads a region on this thread.
    public func read(region: [Range<Int>], into destination: UnsafeMutableRawBufferPointer) throws {
        let plan = try unsafe checkedPlan(region, destination)
        try DecodeScratch.withScratch { scratch in
            for selection in plan.selections { try unsafe read(selection, into: destination, scratch: scratch) }
        }
    }

    private func checkedPlan(
        _ region: [Range<Int>],
        _ destination: UnsafeMutableRawBufferPointer
    ) throws -> ChunkPlan {
        guard metadata.dataType != .string else {
            throw PipelineError(.mismatch, "array \(store)/\(path) holds text; read it with readAllStrings")
        }
        let plan = try plan(region)
        guard destination.count == byteCount(of: region) else {
            throw PipelineError(
                .mismatch,
                "array \(store)/\(path): region \(region) takes \(byteCount(of: region)) bytes, not \(destination.count)"
            )
        }
        return plan
    }

    private func fill(_ overlap: ChunkOverlap, _ destination: UnsafeMutableRawBufferPointer) {
        unsafe overlap.copy(pipeline.representation).fill(destination, with: fillBytes)
    }

    /// Cuts selections along an outer axis where chunks are few and their blocks can be decoded apart.
    ///
    /// A step along that axis spans at least about a Blosc block; otherwise both sides of a cut would decode the block.
    private func split(_ selections: [ChunkSelection], among width: Int) -> [ChunkSelection] {
        guard pipeline.isBloscOnly, selections.count < 4 * width, width > 1 else { return selections }
        let pieces = (4 * width - 1) / max(1, selections.count) + 1
        let strides = Shape.strides(metadata.chunkShape)
        let outerAxes = strides.indices.prefix { strides[$0] * pipeline.representation.elementBytes >= 128 << 10 }
        return selections.flatMap { $0.split(into: pieces, along: outerAxes) }
    }
}

extension ZarrArray {
    /// Reads from shards in two steps, so that several threads share the inner chunks of one shard.
    private func read(
        _ plan: ChunkPlan,
        _ sharding: ShardingCodec,
        into target: SharedDestination,
        on executor: BlockingExecutor
    ) async throws {
        let shards = OpenShards()
        try await executor.forEach(plan.selections.count) { number in
            let selection = plan.selections[number]
            do {
                guard let object = try store.reader(of: selection.key) else {
                    return unsafe fill(selection.overlap, target.bytes)
                }
                let shard = try sharding.plan(object, selection.overlap, gap: store.rangeGap)
                shard.missing.forEach { unsafe sharding.fill($0, target.bytes) }
                shards.append(shard.runs.map { ShardRun(object: object, key: selection.key, run: $0) })
            } catch {
                throw inChunk(selection.key, error)
            }
        }
        let runs = shards.largestFirst
        try await executor.forEach(runs.count) { number in
            try DecodeScratch.withScratch { scratch in
                do {
                    try unsafe sharding.read(runs[number].run, of: runs[number].object, into: target.bytes, scratch)
                } catch {
                    throw inChunk(runs[number].key, error)
                }
            }
        }
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
