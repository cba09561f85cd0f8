import CGDAL

/// Writes JPEG 2000 files as ESA's processor lays them out.
///
/// One tile-part a tile, LRCP progression, packet lengths (PLT) in every tile-part, no tile-part lengths (TLM) in
/// the main header, position in a GML box only: readers therefore have to hop from tile-part to tile-part, as they
/// do in real products before 2026.
public struct JPEG2000Writer: Sendable {
    /// How the coefficients are coded.
    public enum Compression: Sendable, Equatable {
        /// 5/3 wavelet, every bit plane kept.
        case lossless
        /// 9/7 wavelet, this percentage of the uncompressed size.
        case lossy(percentage: Int)
    }

    /// Pixels along a side of a tile; larger than the image means one tile.
    public var tileSize: Int
    /// Pixels along a side of a code block.
    public var codeBlockSize: Int
    /// Pixels along a side of a precinct, at every resolution level.
    public var precinctSize: Int
    /// Resolution levels: one more than the number of wavelet decompositions.
    public var levels: Int
    /// Bits of a pixel.
    public var bitDepth: Int
    /// How the coefficients are coded.
    public var compression: Compression
    /// Threads that OpenJPEG may use for one file.
    public var threads: Int

    /// Creates a writer.
    public init(
        tileSize: Int,
        codeBlockSize: Int = 64,
        precinctSize: Int = 256,
        levels: Int = 5,
        bitDepth: Int = 15,
        compression: Compression = .lossless,
        threads: Int = 1
    ) {
        self.tileSize = tileSize
        self.codeBlockSize = codeBlockSize
        self.precinctSize = precinctSize
        self.levels = levels
        self.bitDepth = bitDepth
        self.compression = compression
        self.threads = threads
    }

    /// What ESA uses for the bands of a resolution; 60 m files do have code blocks of 4 x 4 in precincts of 64 x 64.
    public static func band(at resolution: Resolution) -> JPEG2000Writer {
        switch resolution {
        case .r10: JPEG2000Writer(tileSize: 1024)
        case .r20: JPEG2000Writer(tileSize: 640)
        case .r60: JPEG2000Writer(tileSize: 192, codeBlockSize: 4, precinctSize: 64)
        }
    }

    /// Writes the raster under the path; the file appears whole or not at all.
    public func write(_ raster: borrowing GDALDataset, to path: String) throws {
        let temporary = AtomicFile.temporaryName(for: path)
        do {
            // Without PAM no .aux.xml appears beside the file: real products have none.
            let settings = ["GDAL_NUM_THREADS": "\(threads)", "GDAL_PAM_ENABLED": "NO"]
            try GDALLibrary.withThreadSettings(settings) { try encode(raster, to: temporary) }
            try FileSystem.rename(temporary, to: path)
        } catch {
            try? FileSystem.remove(temporary)
            throw error
        }
    }

    private func encode(_ raster: borrowing GDALDataset, to temporary: String) throws {
        let driver = try unsafe GDALLibrary.driver("JP2OpenJPEG")
        try GDALOutput.write(temporary) { name in
            let handle = unsafe GDALLibrary.withOptions(options(for: raster)) { options in
                unsafe gdal.GDALCreateCopy(driver, name, raster.handle, 0, options, nil, nil)
            }
            guard let handle = unsafe handle else { throw GDALOutput.refusal(of: temporary) }
            try unsafe GDALDataset(adopting: handle, path: temporary).close()
        }
    }

    private func options(for raster: borrowing GDALDataset) -> [String] {
        // The driver refuses tiles under 32.
        let tile = max(32, min(tileSize, max(raster.width, raster.height)))
        let precincts = Array(repeating: "{\(precinctSize),\(precinctSize)}", count: levels).joined(separator: ",")
        return [
            "CODEC=JP2", "PROGRESSION=LRCP", "PLT=YES", "TLM=NO", "GMLJP2=YES", "GeoJP2=NO", "COMMENT=",
            "BLOCKXSIZE=\(tile)", "BLOCKYSIZE=\(tile)", "RESOLUTIONS=\(levels)", "PRECINCTS=\(precincts)",
            "CODEBLOCK_WIDTH=\(codeBlockSize)", "CODEBLOCK_HEIGHT=\(codeBlockSize)",
        ] + (bitDepth == 8 ? [] : ["NBITS=\(bitDepth)"]) + compressionOptions
    }

    private var compressionOptions: [String] {
        switch compression {
        case .lossless: ["REVERSIBLE=YES", "QUALITY=100"]
        case .lossy(let percentage): ["REVERSIBLE=NO", "QUALITY=\(percentage)"]
        }
    }
}
