import Logging

/// Which tile-year to open, and where it lies.
public struct TileYearPlace: Sendable {
    /// A folder or `s3://bucket/prefix` with all tiles of a format, or a storage and format that variables name the place of.
    public enum Store: Sendable, Equatable {
        case path(String)
        case storage(String)
    }

    /// Where all tiles of the format lie.
    public var store: Store
    /// A profile of the AWS tools for S3; nil for that of the variables.
    public var profile: String?
    /// A format's name; nil to find out.
    public var format: String?
    /// `35VLH`.
    public var tile: String
    /// Year of sensing.
    public var year: Int
    /// Those to open; empty for all.
    public var resolutions: [Resolution]
    /// Threads that decode; nil for as many as the process has processors.
    public var threads: Int?

    /// Names a tile-year.
    public init(_ tile: String, year: Int, in store: Store, format: String? = nil) {
        self.store = store
        self.format = format
        self.tile = tile
        self.year = year
        resolutions = []
    }
}

extension TileYearPlace {
    /// What to open there.
    ///
    /// - Parameters:
    ///   - environment: The process's variables, which may name places and profiles.
    ///   - log: What requests have to say.
    /// - Returns: The format and all that the place has of it.
    /// - Throws: `configuration` where names mean nothing, `notFound` where no format has data.
    func find(_ environment: [String: String], log: Logger) throws -> (format: DataFormat, data: StoredTileYear) {
        let tileYear = try TileYear(tile: MGRSTile(tile).name, year: year)
        var environment = environment
        if let profile { environment[Variable.storageProfile.name] = profile }
        let configuration = try Configuration(environment: environment, envFile: nil)
        let access = StorageAccess(configuration, environment: environment, log: log)
        let (format, store) = try place(of: tileYear, by: access)
        let wanted = resolutions.isEmpty ? Resolution.allCases : Set(resolutions).sorted()
        return (format, StoredTileYear(tileYear, in: store, resolutions: wanted))
    }

    private func place(of tileYear: TileYear, by access: StorageAccess) throws -> (DataFormat, any ObjectStore) {
        switch store {
        case .path(let path):
            let store = try access.store(at: path)
            return (try named ?? Self.format(of: tileYear, in: store), store)
        case .storage(let name):
            guard let storage = Storage(rawValue: name) else {
                let names = Storage.allCases.map(\.rawValue).joined(separator: ", ")
                throw PipelineError(.configuration, "there is no storage '\(name)'; there are \(names)")
            }
            guard let format = try named else {
                throw PipelineError(.configuration, "say which format of the storage \(name) to open")
            }
            return (format, try access.store(storage, format))
        }
    }

    private var named: DataFormat? {
        get throws(PipelineError) {
            guard let format else { return nil }
            if let found = DataFormat(name: format) { return found }
            let names = DataFormat.allCases.map(\.name).joined(separator: ", ")
            throw PipelineError(.configuration, "there is no format '\(format)'; there are \(names)")
        }
    }

    /// The first format that has products there; cubes in folders are read alike, with shards or without.
    private static func format(of tileYear: TileYear, in store: any ObjectStore) throws -> DataFormat {
        for format in DataFormat.allCases.reversed() where format != .shardzarr {
            if try format.layout.productCount(of: tileYear, in: store) > 0 { return format }
        }
        let names = DataFormat.allCases.map(\.name).joined(separator: ", ")
        throw PipelineError(.notFound, "\(store) has no data of \(tileYear) in any format (\(names))")
    }
}
