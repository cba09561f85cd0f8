/// The formats that are compared.
public enum DataFormat: String, Sendable, CaseIterable {
    /// Products as delivered.
    case safe
    /// One cloud-optimised GeoTIFF for each product and resolution.
    case cog
    /// One Zarr v3 array for each tile, year and resolution.
    case zarr
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
