import DatacubeStorage

/// Copies the pixels of a tile-year into another layout.
struct Rewrite {
    private let source: LocalStore
    private let target: LocalStore
    private let path: String
    private let chunking: CubeSchema.Chunking

    init(_ source: LocalStore, _ target: LocalStore, _ path: String, _ chunking: CubeSchema.Chunking) {
        self.source = source
        self.target = target
        self.path = path
        self.chunking = chunking
    }

    func run(on executor: BlockingExecutor) async throws {
        for resolution in Resolution.allCases {
            let from = try ZarrArray.open(store: source, path: "\(path)/\(resolution.name)/data")
            var metadata = from.metadata
            let side = chunking.side(resolution)
            metadata.chunkShape = [chunking.dates, metadata.shape[1], side, side]
            metadata.codecs = chunking.arrayCodecs(bands: metadata.shape[1])
            let into = try ZarrArray.create(store: target, path: from.path, metadata: metadata)
            let grid = metadata.grid
            let indices = grid.indices
            try await executor.forEach(indices.count) { number in
                try Rewrite.copy(from, into, indices[number], grid)
            }
        }
        try target.synchronize()
    }

    private static func copy(_ from: ZarrArray, _ into: ZarrArray, _ index: [Int], _ grid: ChunkGrid) throws {
        let region = grid.region(of: index)
        let shape = grid.chunkShape
        var pixels = [UInt16](repeating: 0, count: region.reduce(1) { $0 * $1.count })
        try pixels.withUnsafeMutableBytes { try from.read(region: region, into: $0) }
        // Rows go to their places in a chunk that may reach beyond the array's edge.
        var chunk = [UInt16](repeating: 0, count: shape.reduce(1, *))
        let width = region[3].count
        for row in 0..<pixels.count / width {
            let (plane, y) = (row / region[2].count, row % region[2].count)
            let place = (plane * shape[2] + y) * shape[3]
            chunk.replaceSubrange(place..<place + width, with: pixels[row * width..<(row + 1) * width])
        }
        _ = try chunk.withUnsafeBytes { try into.writeChunk(at: index, from: $0) }
    }
}
