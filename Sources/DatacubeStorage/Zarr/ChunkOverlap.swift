/// The part of one chunk that a region of the array wants, and where it goes.
struct ChunkOverlap: Sendable {
    /// The wanted part, in coordinates of the chunk.
    var chunkRegion: [Range<Int>]
    /// Where its first element goes in the destination.
    var destinationStart: [Int]
    /// The shape of the destination.
    var destinationShape: [Int]

    /// Elements copied.
    var count: Int { chunkRegion.reduce(1) { $0 * $1.count } }

    /// The runs to copy from a chunk of this shape.
    func copy(_ chunk: ChunkRepresentation) -> RegionCopy {
        RegionCopy(
            sourceShape: chunk.shape,
            sourceStart: chunkRegion.map(\.lowerBound),
            destinationShape: destinationShape,
            destinationStart: destinationStart,
            count: chunkRegion.map(\.count),
            elementBytes: chunk.elementBytes
        )
    }
}

extension ChunkGrid {
    /// What a chunk contributes to a region that goes to `start` of a destination of shape `destinationShape`.
    func overlap(of index: [Int], with region: [Range<Int>], start: [Int], destinationShape: [Int]) -> ChunkOverlap {
        let origin = zip(index, chunkShape).map { $0 * $1 }
        let wanted = region.indices.map { region[$0].clamped(to: origin[$0]..<origin[$0] + chunkShape[$0]) }
        return ChunkOverlap(
            chunkRegion: wanted.indices.map { axis in
                wanted[axis].lowerBound - origin[axis]..<wanted[axis].upperBound - origin[axis]
            },
            destinationStart: wanted.indices.map { start[$0] + wanted[$0].lowerBound - region[$0].lowerBound },
            destinationShape: destinationShape
        )
    }
}
