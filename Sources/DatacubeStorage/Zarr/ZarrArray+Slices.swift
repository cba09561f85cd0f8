extension ZarrArray {
    /// A chunk of a distant store that is wanted whole: by as many requests as are worth it.
    func slices(of selection: ChunkSelection) -> [ReadPart] {
        let bytes = expectedBytes(share: share(of: selection.index))
        let count = SlicedChunk.count(forBytes: bytes, delay: store.properties.delay)
        guard count > 1 else { return [ReadPart(selection.key, work: .chunk(selection.overlap))] }
        let overlap = selection.overlap
        let room = Self.room(for: overlap.copy(pipeline.representation))
        let chunk = SlicedChunk(selection.key, index: selection.index, overlap: overlap, count: count, room: room)
        return (0..<count).map { ReadPart(selection.key, work: .slice($0, of: chunk)) }
    }

    /// Brings a slice, and decodes the chunk with the last one.
    func readSlice(
        _ number: Int,
        of chunk: SlicedChunk,
        into destination: UnsafeMutableRawBufferPointer,
        scratch: DecodeScratch
    ) throws {
        let copy = chunk.overlap.copy(pipeline.representation)
        do {
            switch try chunk.fetch(number, from: store) {
            case nil: return
            case .missing: unsafe copy.fill(destination, with: fillBytes)
            case .stored(let memory, let size):
                defer { memory.giveBack() }
                chunkSizes.learn(size, share: share(of: chunk.index))
                try unsafe pipeline.decode(memory.bytes(0..<size), copy: copy, into: destination, scratch: scratch)
            }
        } catch let error as PipelineError where error.code == .mismatch {
            // Replaced meanwhile: whoever adds dates writes the last chunk anew.
            try unsafe readWhole(chunk.key, copy: copy, into: destination, scratch: scratch)
        }
    }

    /// Stored bytes of a chunk of which so much is within the array: as the largest before it, or compressed to half its size.
    func expectedBytes(share: Double) -> Int {
        chunkSizes.expected(share: share) ?? Int(Double(pipeline.representation.byteCount / 2) * share)
    }

    /// How much of a chunk is within the array; the rest compresses to nothing.
    private func share(of index: [Int]) -> Double {
        zip(index, zip(metadata.shape, metadata.chunkShape)).reduce(1) { share, axis in
            let (position, (whole, step)) = axis
            return share * Double(min(step, whole - position * step)) / Double(step)
        }
    }
}
