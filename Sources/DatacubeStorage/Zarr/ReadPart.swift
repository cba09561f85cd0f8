/// A piece of a read that one thread does apart from all others: a chunk, a part of one, or neighbours in a shard.
public struct ReadPart: Sendable {
    enum Work: Sendable {
        case chunk(ChunkOverlap)
        case shardRun(ShardingCodec.Run, of: KnownShard)
        case fill([ChunkOverlap], ChunkRepresentation)
    }

    /// The key of the object that has it.
    public let key: String
    /// Elements that it writes; parts with many should begin first.
    public let elementCount: Int
    let work: Work

    init(_ key: String, work: Work) {
        self.key = key
        self.work = work
        elementCount =
            switch work {
            case .chunk(let overlap): overlap.count
            case .shardRun(let run, _): run.parts.reduce(0) { $0 + $1.overlap.count }
            case .fill(let overlaps, _): overlaps.reduce(0) { $0 + $1.count }
            }
    }
}

extension ZarrArray {
    /// The shards among chunks whose index has to be read before ``parts(of:threads:)``; none where chunks are no shards.
    public func unknownShards(of chunks: TouchedChunks) -> [ChunkSelection] {
        pipeline.onlySharding == nil ? [] : knownShards.unknown(chunks.selections)
    }

    /// Reads a shard's index, which the array keeps from then on.
    ///
    /// - Throws: `corrupt` with the shard's key when the index is damaged.
    public func readIndex(of shard: ChunkSelection) throws {
        guard let sharding = pipeline.onlySharding else { return }
        do {
            guard let object = try store.reader(of: shard.key, fetchingLast: sharding.suffixBytes) else {
                knownShards[shard.key] = .missing
                return
            }
            let size = try object.size()
            let index = try sharding.readIndex(object, size: size)
            let reader = object.holdsDescriptor ? nil : object
            knownShards[shard.key] = .present(KnownShard(index: index, size: size, reader: reader))
        } catch {
            throw inChunk(shard.key, error: error)
        }
    }

    /// The pieces of a region's read, which `threads` threads will share: few chunks are cut into parts for them.
    ///
    /// Shards whose index is not known are an error: read those of ``unknownShards(of:)`` first.
    public func parts(of chunks: TouchedChunks, threads: Int) throws -> [ReadPart] {
        let selections = chunks.selections
        guard let sharding = pipeline.onlySharding else {
            return split(selections, among: threads).map { ReadPart($0.key, work: .chunk($0.overlap)) }
        }
        return try selections.flatMap { selection -> [ReadPart] in
            switch knownShards[selection.key] {
            case nil: throw inChunk(selection.key, error: PipelineError(.mismatch, "its index was not read"))
            case .missing: return [ReadPart(selection.key, work: .fill([selection.overlap], pipeline.representation))]
            case .present(let shard):
                let reads = sharding.reads(shard.index, overlap: selection.overlap, gap: store.properties.rangeGap)
                let runs = reads.runs.map { ReadPart(selection.key, work: .shardRun($0, of: shard)) }
                guard !reads.missing.isEmpty else { return runs }
                return runs + [ReadPart(selection.key, work: .fill(reads.missing, sharding.inner.representation))]
            }
        }
    }

    /// Lets a disk begin with what will be read of a chunk, or of a shard whose index is known.
    ///
    /// - Throws: `corrupt` with the chunk's key when its beginning is damaged.
    public func announce(_ selection: ChunkSelection, scratch: DecodeScratch) throws {
        do {
            if let sharding = pipeline.onlySharding {
                guard case .present(let shard) = knownShards[selection.key] else { return }
                let runs = sharding.reads(shard.index, overlap: selection.overlap, gap: store.properties.rangeGap).runs
                try object(selection.key, shard: shard).announce(runs.map(\.range))
            } else if let object = try store.reader(of: selection.key) {
                let gap = store.properties.rangeGap
                object.announce(try pipeline.ranges(object, overlap: selection.overlap, gap: gap, scratch: scratch))
            }
        } catch {
            throw inChunk(selection.key, error: error)
        }
    }

    /// Reads a piece into its places, on this thread.
    ///
    /// - Parameters:
    ///   - part: One of ``parts(of:threads:)``.
    ///   - destination: The whole region's memory, in C order. Parts of one region never write the same bytes.
    ///   - scratch: Memory that no other thread uses now.
    /// - Throws: `corrupt` with the chunk's key when its bytes are damaged.
    public func read(
        _ part: ReadPart,
        into destination: UnsafeMutableRawBufferPointer,
        scratch: DecodeScratch
    ) throws {
        do {
            switch part.work {
            case .chunk(let overlap):
                try unsafe readChunk(part.key, overlap: overlap, into: destination, scratch: scratch)
            case .shardRun(let run, let shard):
                guard let sharding = pipeline.onlySharding else { return }
                try unsafe sharding.read(run, of: object(part.key, shard: shard), into: destination, scratch: scratch)
            case .fill(let overlaps, let chunk):
                for overlap in overlaps { unsafe overlap.copy(chunk).fill(destination, with: fillBytes) }
            }
        } catch {
            throw inChunk(part.key, error: error)
        }
    }

    private func readChunk(
        _ key: String,
        overlap: ChunkOverlap,
        into destination: UnsafeMutableRawBufferPointer,
        scratch: DecodeScratch
    ) throws {
        guard let object = try store.reader(of: key) else {
            return unsafe overlap.copy(pipeline.representation).fill(destination, with: fillBytes)
        }
        try unsafe pipeline.read(
            object,
            overlap: overlap,
            into: destination,
            gap: store.properties.rangeGap,
            scratch: scratch
        )
    }

    private func object(_ key: String, shard: KnownShard) throws -> any ObjectReader {
        if let reader = shard.reader { return reader }
        guard let object = try store.reader(of: key), try object.size() == shard.size else {
            throw PipelineError(.mismatch, "it was replaced while the array was open; read again")
        }
        object.expectScatteredReads()
        return object
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
