import DatacubeStorage

/// A way to cut and compress the datacubes of a tile-year.
struct Candidate: Sendable {
    let name: String
    let chunking: CubeSchema.Chunking

    /// Whether it is the layout that the others are compared with, which needs no rewriting.
    var isSeed: Bool { chunking.inner == nil }

    static let seed = Candidate(name: "seed: 10 dates x 512, LZ4 5 bitshuffle, a file each", chunking: .init())

    /// What is compared with the seed layout: one property varied at a time around 10 dates x 64 pixels, LZ4, bitshuffle.
    static let all: [Candidate] =
        [32, 64, 128, 256].map { inner("10 dates x \($0)", dates: 10, pixels: $0) } + [
            inner("10 dates x 64, 1 band", dates: 10, bands: 1, pixels: 64),
            inner("10 dates x 128, 1 band", dates: 10, bands: 1, pixels: 128),
            inner("5 dates x 64", dates: 5, pixels: 64),
            inner("2 dates x 128", dates: 2, pixels: 128),
            inner("1 date x 128", dates: 1, pixels: 128),
            inner("20 dates x 64, shards of 20 dates", shardDates: 20, dates: 20, pixels: 64),
            codec("LZ4 1 bitshuffle", .blosc("lz4", level: 1, shuffle: .bitshuffle, typeSize: 2)),
            codec("LZ4 9 bitshuffle", .blosc("lz4", level: 9, shuffle: .bitshuffle, typeSize: 2)),
            codec("LZ4HC 9 bitshuffle", .blosc("lz4hc", level: 9, shuffle: .bitshuffle, typeSize: 2)),
            codec("LZ4 5 shuffle", .blosc("lz4", level: 5, shuffle: .shuffle, typeSize: 2)),
            codec("zstd 1 bitshuffle", .blosc("zstd", level: 1, shuffle: .bitshuffle, typeSize: 2)),
            codec("zstd 5 bitshuffle", .blosc("zstd", level: 5, shuffle: .bitshuffle, typeSize: 2)),
            codec("zstd 1 shuffle", .blosc("zstd", level: 1, shuffle: .shuffle, typeSize: 2)),
            codec("zstd 3 without Blosc", .zstd(level: 3)),
            codec("LZ4 5 bitshuffle, blocks of 64 KiB", block(64)),
            codec("LZ4 5 bitshuffle, blocks of 128 KiB", block(128)),
            codec("LZ4 5 bitshuffle, blocks of 512 KiB", block(512)),
            codec("LZ4 5 bitshuffle, crc32c", CubeSchema.Chunking.standardBlosc, .crc32c),
            codec("not compressed"),
        ]

    private static func inner(
        _ name: String,
        shardDates: Int = 10,
        dates: Int,
        bands: Int? = nil,
        pixels: Int
    ) -> Candidate {
        let inner = CubeSchema.Chunking.InnerChunk(dates: dates, bands: bands, pixels: pixels)
        // Whole numbers of inner chunks: 1920 pixels are not a multiple of 256.
        let shards = CubeSchema.Chunking.standardShards.mapValues { ($0 + pixels - 1) / pixels * pixels }
        return Candidate(name: name, chunking: .init(shards: shards, dates: shardDates, of: inner))
    }

    private static func codec(_ name: String, _ codecs: CodecDescription...) -> Candidate {
        let inner = CubeSchema.Chunking.InnerChunk(dates: 10, pixels: 64)
        return Candidate(name: "10 dates x 64, \(name)", chunking: .init(of: inner, codecs: [.bytes] + codecs))
    }

    private static func block(_ kibibytes: Int) -> CodecDescription {
        .blosc("lz4", level: 5, shuffle: .bitshuffle, typeSize: 2, blockSize: kibibytes << 10)
    }
}
