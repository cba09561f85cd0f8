/// The formats that are compared.
public enum DataFormat: String, Sendable, CaseIterable {
    /// Products as delivered.
    case safe
    /// One cloud-optimised GeoTIFF for each product and resolution.
    case cog
    /// One Zarr v3 array for each tile, year and resolution, its chunks large and a file each.
    case zarr
    /// The same with small chunks, many of them in one file.
    case shardzarr

    /// The three that every workflow has.
    public static let standard: [DataFormat] = [.safe, .cog, .zarr]

    /// Whether it is a tree of Zarr groups.
    var isZarr: Bool { self == .zarr || self == .shardzarr }
}

/// Where data are kept while they are read.
public enum Storage: String, Sendable, CaseIterable {
    /// The shared file system: Lustre scratch, NFS.
    case network
    /// The compute node's own disk.
    case temp
    /// S3 object storage: CSC's Allas, for example.
    case s3
}
