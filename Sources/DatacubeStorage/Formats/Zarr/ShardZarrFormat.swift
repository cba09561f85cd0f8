extension DataFormat {
    /// As `zarr`, with small chunks, many of them in one file.
    public static let shardzarr = DataFormat(
        "shardzarr",
        summary: "small chunks in few files, for random patches",
        origin: .safe2zarr,
        layout: ZarrLayout(
            chunks: CubeChunks(defaultPixels: 64) { dates, pixels, codecs in
                let inner = CubeSchema.Chunking.InnerChunk(dates: dates, pixels: pixels)
                let chunking = CubeSchema.Chunking(dates: dates, of: inner, codecs: codecs)
                try chunking.validate()
                return chunking
            }
        )
    )
}
