extension CubeSchema {
    /// Shape of a stored chunk or shard and how it is compressed.
    public struct Chunking: Sendable, Equatable {
        /// The chunks inside a shard.
        public struct InnerChunk: Sendable, Equatable {
            /// Dates, a divisor of the shard's.
            public var dates: Int
            /// Bands; nil for all.
            public var bands: Int?
            /// Rows and columns, a divisor of the shard's.
            public var pixels: Int

            /// Creates a shape.
            public init(dates: Int, bands: Int? = nil, pixels: Int) {
                self.dates = dates
                self.bands = bands
                self.pixels = pixels
            }
        }

        /// Dates a chunk, or a shard where there are shards.
        public var dates: Int
        /// Rows and columns of a chunk or shard at each resolution.
        public var sides: [Resolution: Int]
        /// The chunks inside a shard; nil where each chunk is a file.
        public var inner: InnerChunk?
        /// From the elements of a chunk, an inner one where there are shards, to bytes.
        public var codecs: [CodecDescription]

        /// Creates chunks that are a file each.
        ///
        /// The default is the seed layout: ten dates, all bands, 512 x 512 pixels, Blosc LZ4 level 5 with bit shuffling.
        public init(dates: Int = 10, pixels: Int = 512, codecs: [CodecDescription] = [.bytes, standardBlosc]) {
            self.dates = dates
            sides = Dictionary(uniqueKeysWithValues: Resolution.allCases.map { ($0, pixels) })
            self.codecs = codecs
        }

        /// Creates shards.
        public init(
            shards sides: [Resolution: Int] = standardShards,
            dates: Int = 10,
            of inner: InnerChunk,
            codecs: [CodecDescription] = [.bytes, standardBlosc]
        ) {
            self.dates = dates
            self.sides = sides
            self.inner = inner
            self.codecs = codecs
        }

        /// Blosc LZ4 level 5 with bit shuffling, of 16-bit elements.
        public static let standardBlosc = CodecDescription.blosc("lz4", level: 5, shuffle: .bitshuffle, typeSize: 2)

        /// Sides that are multiples of those of ESA's JPEG 2000 tiles: 1024, 640 and 192 pixels.
        ///
        /// So a conversion decodes no tile twice. At 60 m a shard has all of a Sentinel-2 tile. Ten dates deep, shards
        /// have at most 221 MB of pixels.
        public static let standardShards: [Resolution: Int] = [.r10: 1024, .r20: 1280, .r60: 1920]

        /// Rows and columns of a chunk or shard.
        public func side(_ resolution: Resolution) -> Int { sides[resolution] ?? 512 }

        /// Refuses inner chunks that do not fill a shard.
        public func validate() throws(PipelineError) {
            guard let inner else { return }
            guard inner.dates > 0, inner.pixels > 0, dates % inner.dates == 0 else {
                throw PipelineError(
                    .configuration,
                    "\(inner.dates) dates an inner chunk do not divide \(dates) dates a shard"
                )
            }
            for (resolution, side) in sides where side % inner.pixels != 0 {
                throw PipelineError(
                    .configuration,
                    "\(inner.pixels) pixels an inner chunk do not divide \(side) pixels a shard at \(resolution.name)"
                )
            }
        }

        /// The array's codecs, for `bands` bands.
        public func arrayCodecs(bands: Int) -> [CodecDescription] {
            guard let inner else { return codecs }
            let shape = [inner.dates, inner.bands ?? bands, inner.pixels, inner.pixels]
            return [.shardingIndexed(chunkShape: shape, codecs: codecs)]
        }
    }
}
