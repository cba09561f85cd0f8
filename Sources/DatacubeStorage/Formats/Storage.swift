/// Where data are kept while they are read.
public enum Storage: String, Codable, Sendable, CaseIterable {
    /// The shared file system: Lustre scratch, NFS.
    case network
    /// The compute node's own disk.
    case temp
    /// S3 object storage: CSC's Allas, for example.
    case s3
}
