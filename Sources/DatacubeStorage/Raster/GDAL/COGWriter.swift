// Cloud Optimized GeoTIFF, OGC 21-026, by GDAL's COG driver: https://gdal.org/drivers/raster/cog.html
import CGDAL
import Synchronization

/// Writes cloud-optimised GeoTIFFs.
public struct COGWriter: Sendable {
    /// How tiles are compressed, after horizontal differencing (predictor 2).
    public enum Compression: String, Sendable, CaseIterable {
        /// Zstandard: decodes about three times as fast as deflate at the same size.
        case zstd
        /// Deflate, which every reader knows.
        case deflate
    }

    /// How tiles are compressed.
    public var compression: Compression
    /// Compression level; nil means the codec's default of ``defaultLevel(_:)``.
    public var level: Int
    /// Whether reduced images are added; patch loading never reads them.
    public var hasOverviews: Bool
    /// Threads that compress.
    public var threads: Int

    /// Creates a writer.
    public init(compression: Compression = .zstd, level: Int? = nil, hasOverviews: Bool = false, threads: Int) {
        self.compression = compression
        self.level = level ?? Self.defaultLevel(compression)
        self.hasOverviews = hasOverviews
        self.threads = threads
    }

    /// Fast levels: on Sentinel-2 pixels with predictor 2 the higher ones cost several times the time for a few
    /// percent.
    public static func defaultLevel(_ compression: Compression) -> Int {
        switch compression {
        case .zstd: 3
        case .deflate: 6
        }
    }

    /// Writes the raster; the file is complete when the call returns.
    ///
    /// The flag is looked at between blocks of rows, so that a cancelled job ends within a second.
    ///
    /// - Throws: ``PipelineError`` with GDAL's words, of code `noSpace` when the disk is full, or
    ///   `CancellationError`.
    public func write(
        _ raster: borrowing GDALDataset,
        to path: String,
        cancellation: CancellationFlag
    ) throws {
        // Without PAM no .aux.xml appears beside the file.
        try GDALLibrary.withThreadSettings(["GDAL_PAM_ENABLED": "NO", "GDAL_NUM_THREADS": "\(threads)"]) {
            let driver = try unsafe GDALLibrary.driver("COG")
            let context = unsafe Unmanaged.passUnretained(cancellation).toOpaque()
            try GDALOutput.write(path) { name in
                let handle = unsafe GDALLibrary.withOptions(options) { options in
                    unsafe gdal.GDALCreateCopy(
                        driver,
                        name,
                        raster.handle,
                        1,
                        options,
                        continueUnlessCancelled,
                        context
                    )
                }
                guard let handle = unsafe handle else {
                    if cancellation.isSet { throw CancellationError() }
                    throw GDALOutput.refusal(of: path)
                }
                try unsafe GDALDataset(adopting: handle, path: path).close()
            }
        }
    }

    private var options: [String] {
        [
            "COMPRESS=\(compression.rawValue.uppercased())", "LEVEL=\(level)", "PREDICTOR=STANDARD", "BLOCKSIZE=512",
            "OVERVIEWS=\(hasOverviews ? "IGNORE_EXISTING" : "NONE")", "NUM_THREADS=\(threads)", "BIGTIFF=IF_SAFER",
        ]
    }
}

/// Set once from any thread to end a long C call.
public final class CancellationFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Creates a flag that is not set.
    public init() {}

    /// Whether it was set.
    public var isSet: Bool { flag.load(ordering: .relaxed) }

    /// Sets it.
    public func set() { flag.store(true, ordering: .relaxed) }
}

private func continueUnlessCancelled(
    _ complete: Double,
    _ message: UnsafePointer<CChar>?,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context = unsafe context else { return 1 }
    return unsafe Unmanaged<CancellationFlag>.fromOpaque(context).takeUnretainedValue().isSet ? 0 : 1
}
