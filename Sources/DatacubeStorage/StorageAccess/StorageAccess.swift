public import Logging
import Synchronization

/// Opens the places where data lie, with one S3 client for each profile.
public final class StorageAccess: Sendable {
    private let configuration: Configuration
    private let environment: [String: String]
    private let connections: Int
    private let log: Logger
    private let clients = Mutex<[Variable: S3Client]>([:])

    /// Enough that a network of 10 Gbit/s and 20 ms is full of requests of half a megabyte.
    public static let standardConnections = 64

    /// Opens nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Names folders, buckets and profiles.
    ///   - environment: The process's variables, for what the AWS tools and curl read there.
    ///   - connections: At a time to S3; patches from a distant server take up to twice as many.
    ///   - log: What requests have to say.
    public init(
        _ configuration: Configuration,
        environment: [String: String],
        connections: Int = standardConnections,
        log: Logger
    ) {
        self.configuration = configuration
        self.environment = environment
        self.connections = connections
        self.log = log
    }

    /// The place of a format on a storage.
    public func store(_ storage: Storage, _ format: DataFormat) throws -> any ObjectStore {
        guard storage == .s3 else { return LocalStore(root: try configuration.folder(storage, format)) }
        return try bucket(format)
    }

    /// The bucket of a format, or the part of it that the configuration names.
    public func bucket(_ format: DataFormat) throws -> S3Store {
        let location = try configuration.bucket(format)
        return S3Store(bucket: try client(.storageProfile).bucket(location.bucket), prefix: location.key)
    }

    /// A folder, or an `s3://bucket/prefix` of the configured profile.
    public func store(at place: String) throws -> any ObjectStore {
        guard place.hasPrefix("s3://") else { return LocalStore(root: place) }
        guard let location = S3Location(place) else {
            throw PipelineError(.configuration, "\(place) is not of the form s3://bucket/prefix")
        }
        return S3Store(bucket: try client(.storageProfile).bucket(location.bucket), prefix: location.key)
    }

    /// The client for a profile, always the same one.
    public func client(_ profile: Variable) throws -> S3Client {
        if let client = clients.withLock({ $0[profile] }) { return client }
        let limits = ConnectionLimits(
            total: max(connections, StoreProperties.mostRequestsInFlight),
            leastPerHost: connections
        )
        let http = try HTTPClient(limits: limits, environment: environment)
        let client = S3Client(try self.profile(profile), http: http, log: log)
        return clients.withLock { clients in
            let first = clients[profile] ?? client
            clients[profile] = first
            return first
        }
    }

    /// A client of its own for the source of products, within the limits of an account there.
    public func source(connections: Int, requestsPerMinute: Int) throws -> S3Client {
        let http = try HTTPClient(limits: ConnectionLimits(total: connections), environment: environment)
        return S3Client(try profile(.intakeProfile), http: http, log: log, requestsPerMinute: requestsPerMinute)
    }

    // Keys that were lost on the way must not show as a lack of permission alone.
    private func profile(_ variable: Variable) throws -> S3Profile {
        let profile = try configuration.profile(variable)
        if profile.credentials == nil {
            log.warning("S3 profile \(profile.name) has no keys in AWS files or variables; requests are anonymous")
        }
        return profile
    }

    /// The catalogue of products.
    public func catalogue() throws -> STACClient {
        let http = try HTTPClient(limits: ConnectionLimits(total: 2), environment: environment)
        return STACClient(url: try configuration.value(.catalogue), http: http, log: log)
    }
}
