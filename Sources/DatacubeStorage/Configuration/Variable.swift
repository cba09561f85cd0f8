/// The variables that the tools understand.
public struct Variable: Sendable, Hashable {
    /// As it stands in the environment or in `.env`.
    public let name: String
    /// What it is, for the error when it is missing.
    public let purpose: String
    /// Used where nothing sets it; nil means that it must be set.
    public let fallback: String?
    /// What the reference's present version calls it, where that differs.
    public var nameInReference: String? {
        name.contains("_COGS_") ? name.replacing("_COGS_", with: "_COG_") : nil
    }

    /// The folder of a format on a storage, or its bucket on S3.
    public static func place(_ storage: Storage, _ format: DataFormat) -> Variable {
        let data = "\(format.name.uppercased()) data"
        let (kind, place) =
            switch storage {
            case .network: ("PATH", "the folder for \(data) on the network drive")
            case .temp: ("PATH", "the folder for \(data) on the node's own disk")
            case .s3: ("BUCKET", "the S3 bucket for \(data)")
            }
        return Variable(
            name: "DSLAB_S2L1C_\(storage.rawValue.uppercased())_\(format.variableName)_\(kind)",
            purpose: place,
            fallback: nil
        )
    }

    /// What has to be set for a storage to hold these formats.
    public static func places(_ storage: Storage, _ formats: [DataFormat]) -> [Variable] {
        (storage == .s3 ? [storageProfile] : []) + formats.map { place(storage, $0) }
    }

    /// Whose keys and which server hold the buckets.
    public static let storageProfile = Variable(
        name: "DSLAB_S2L1C_S3_PROFILE",
        purpose: "the profile in ~/.aws/config and ~/.aws/credentials for the S3 buckets",
        fallback: nil
    )

    /// Whose keys and which server products are fetched with.
    public static let intakeProfile = Variable(
        name: "DSLAB_INTAKE_PROFILE",
        purpose: "the profile in ~/.aws/config and ~/.aws/credentials for the Copernicus Data Space",
        fallback: "cdse"
    )

    /// The catalogue of products.
    public static let catalogue = Variable(
        name: "DSLAB_STAC_URL",
        purpose: "the STAC catalogue of the Copernicus Data Space",
        fallback: "https://stac.dataspace.copernicus.eu/v1"
    )

    /// Where results go.
    public static let logFolder = Variable(
        name: "DSLAB_LOG_FOLDER",
        purpose: "the folder for results",
        fallback: "./results"
    )

    /// How many files a storage takes, or objects in a bucket.
    public static func fileQuota(_ storage: Storage) -> Variable {
        let things = storage == .s3 ? "OBJECTS" : "FILES"
        return Variable(
            name: "DSLAB_\(storage.rawValue.uppercased())_QUOTA_\(things)",
            purpose: "the number of \(things.lowercased()) that \(quotaHolder(storage)) takes",
            fallback: nil
        )
    }

    /// How many bytes a storage takes.
    public static func byteQuota(_ storage: Storage) -> Variable {
        Variable(
            name: "DSLAB_\(storage.rawValue.uppercased())_QUOTA_BYTES",
            purpose: "the size of what \(storage == .s3 ? "all buckets take" : "\(quotaHolder(storage)) takes")",
            fallback: nil
        )
    }

    private static func quotaHolder(_ storage: Storage) -> String {
        switch storage {
        case .network: "the network drive"
        case .temp: "the node's own disk"
        case .s3: "a bucket"
        }
    }

    /// All of them, in the order in which `--verbose` prints them.
    public static let all =
        Storage.allCases.flatMap { storage in DataFormat.allCases.map { place(storage, $0) } }
        + [storageProfile, intakeProfile, catalogue, logFolder]
        + Storage.allCases.flatMap { [fileQuota($0), byteQuota($0)] }
}
