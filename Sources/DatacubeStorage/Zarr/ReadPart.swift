/// A piece of a read that one thread does apart from all others: a chunk, a part of one, or neighbours in a shard.
public struct ReadPart: Sendable {
    enum Work: Sendable {
        case chunk(ChunkOverlap)
        case slice(Int, of: SlicedChunk)
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
            case .slice(_, let chunk): chunk.overlap.count / chunk.count
            case .shardRun(let run, _): run.parts.reduce(0) { $0 + $1.overlap.count }
            case .fill(let overlaps, _): overlaps.reduce(0) { $0 + $1.count }
            }
    }
}

extension ZarrArray {
    /// The chunks of which something has to be read before ``parts(of:threads:)``, by ``prepare(_:)``: shards whose index is
    /// not known, and, at a distance, chunks of which only single blocks are read.
    public func unprepared(_ chunks: TouchedChunks) -> [ChunkSelection] {
        if pipeline.onlySharding != nil { return knownShards.unknown(chunks.selections) }
        guard store.properties.isDistant else { return [] }
        return knownChunks.unknown(chunks.selections.filter { readsBlocks($0.overlap) })
    }

    /// Reads what has to be known of a chunk, which the array keeps from then on.
    ///
    /// - Throws: `corrupt` with the chunk's key when it is damaged.
    public func prepare(_ chunk: ChunkSelection) throws {
        do {
            if let sharding = pipeline.onlySharding {
                knownShards[chunk.key] = try openShard(chunk.key, sharding)
            } else {
                knownChunks[chunk.key] = try KnownChunk(chunk.key, in: store)
            }
        } catch {
            throw inChunk(chunk.key, error: error)
        }
    }

    private func openShard(_ key: String, _ sharding: ShardingCodec) throws -> KnownShard.Entry {
        guard let object = try store.reader(of: key, fetchingLast: sharding.suffixBytes) else { return .missing }
        let size = try object.size()
        let index = try sharding.readIndex(object, size: size)
        return .present(KnownShard(index: index, size: size, reader: object.holdsDescriptor ? nil : object))
    }

    private func readsBlocks(_ overlap: ChunkOverlap) -> Bool {
        pipeline.readsBlocks(overlap.copy(pipeline.representation), gap: store.properties.rangeGap)
    }

    /// How many of the pieces to read at a time: of a distant store each waits with the bytes of a chunk, compressed.
    ///
    /// Bound: 512 MiB, of which small chunks take less.
    public var mostReads: Int {
        guard store.properties.isDistant, pipeline.onlySharding == nil else { return .max }
        let bytes = expectedBytes(share: 1)
        let chunks = max(Self.fewestReads, (512 << 20) / max(1, bytes))
        return chunks * SlicedChunk.count(forBytes: bytes, delay: store.properties.delay)
    }
    private static let fewestReads = 4

    /// The pieces of a region's read, which `threads` threads will share: few chunks are cut into parts for them.
    ///
    /// Shards whose index is not known are an error: see to those of ``unprepared(_:)`` first.
    public func parts(of chunks: TouchedChunks, threads: Int) throws -> [ReadPart] {
        let selections = chunks.selections
        guard let sharding = pipeline.onlySharding else {
            let inBlocks = store.properties.isDistant ? selections.filter { readsBlocks($0.overlap) } : selections
            let whole = store.properties.isDistant ? selections.filter { !readsBlocks($0.overlap) } : []
            return split(inBlocks, among: threads).map { ReadPart($0.key, work: .chunk($0.overlap)) }
                + whole.flatMap(slices)
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
            case .slice(let number, let chunk):
                try unsafe readSlice(number, of: chunk, into: destination, scratch: scratch)
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
        let (chunk, gap) = (pipeline.representation, store.properties.rangeGap)
        if store.properties.isDistant, !readsBlocks(overlap) {
            return try unsafe readWhole(key, copy: overlap.copy(chunk), into: destination, scratch: scratch)
        }
        do {
            guard let object = try knownChunks[key].map({ $0.reader }) ?? store.reader(of: key) else {
                return unsafe overlap.copy(chunk).fill(destination, with: fillBytes)
            }
            try unsafe pipeline.read(object, overlap: overlap, into: destination, gap: gap, scratch: scratch)
        } catch let error as PipelineError where error.code == .mismatch && knownChunks[key] != nil {
            // Replaced since: whoever adds dates writes the last chunk anew.
            knownChunks[key] = nil
            try unsafe readChunk(key, overlap: overlap, into: destination, scratch: scratch)
        }
    }

    /// Reads a chunk by one request, whatever its size.
    func readWhole(
        _ key: String,
        copy: RegionCopy,
        into destination: UnsafeMutableRawBufferPointer,
        scratch: DecodeScratch
    ) throws {
        try unsafe scratch.encoded.withBytes(Self.room(for: copy)) { encoded in
            guard let size = try unsafe store.get(key, whole: encoded) else {
                return unsafe copy.fill(destination, with: fillBytes)
            }
            let bytes = unsafe UnsafeMutableRawBufferPointer(rebasing: encoded[..<size])
            try unsafe pipeline.decode(bytes, copy: copy, into: destination, scratch: scratch)
        }
    }

    // What codecs add to pixels that they cannot compress is less.
    static func room(for copy: RegionCopy) -> Int { copy.sourceBytes + copy.sourceBytes / 8 + 64 << 10 }

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
