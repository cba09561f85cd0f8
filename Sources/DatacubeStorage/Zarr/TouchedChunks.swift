/// One stored chunk and what a read wants of it.
public struct ChunkSelection: Sendable {
    /// The chunk's place in the grid.
    public let index: [Int]
    /// Its key in the store.
    public let key: String
    var overlap: ChunkOverlap

    /// The wanted part, in coordinates of the chunk.
    public var chunkRegion: [Range<Int>] { overlap.chunkRegion }
    /// Where the part's first element goes, in coordinates of the region that was asked for.
    public var destinationStart: [Int] { overlap.destinationStart }
    /// Elements that the part has.
    public var elementCount: Int { overlap.count }
}

/// The chunks that a region touches.
public struct TouchedChunks: Sendable {
    /// One for each chunk, in C order of the grid.
    public let selections: [ChunkSelection]
    /// The shape of the destination.
    public let shape: [Int]

    /// Plans the read of a region, which must lie in the array, to a place in a destination.
    init(
        _ region: [Range<Int>],
        of metadata: ArrayMetadata,
        path: String,
        to start: [Int],
        in shape: [Int]
    ) throws {
        let grid = metadata.grid
        guard region.count == grid.arrayShape.count,
            zip(region, grid.arrayShape).allSatisfy({ $0.lowerBound >= 0 && $0.upperBound <= $1 })
        else {
            throw PipelineError(.mismatch, "region \(region) is not within shape \(grid.arrayShape)")
        }
        self.shape = shape
        selections = grid.indices(touching: region).map { index in
            ChunkSelection(
                index: index,
                key: ObjectKey.join(path, metadata.chunkKeyEncoding.key(index)),
                overlap: grid.overlap(of: index, with: region, start: start, destinationShape: shape)
            )
        }
    }
}
