/// Storages, formats, tile and year to look at, with the places where they lie.
public struct PatchSelection: Sendable {
    /// One format on one storage.
    public struct Place: Sendable {
        /// The storage.
        public let storage: Storage
        /// The format.
        public let format: DataFormat
        /// All data of that format there.
        public let store: any ObjectStore

        /// Whether the index of tile-parts that makes products as delivered fast to read is left aside.
        public let ignoresIndex: Bool

        /// What the results call the format.
        var formatName: String { ignoresIndex ? "\(format)_no_index" : format.name }
        /// Storage and format, such as `network zarr`.
        var name: String { "\(storage.rawValue) \(formatName)" }

        /// Names a place.
        public init(storage: Storage, format: DataFormat, store: any ObjectStore, ignoresIndex: Bool = false) {
            self.storage = storage
            self.format = format
            self.store = store
            self.ignoresIndex = ignoresIndex
        }
    }

    /// The places to load from.
    public var places: [Place]
    /// The tile; nil means the only one there is.
    public var tile: String?
    /// The year; nil means the only one there is.
    public var year: Int?
    /// What of each date is loaded.
    public var resolutions: [Resolution]

    /// Creates a selection.
    public init(
        places: [Place],
        tile: String? = nil,
        year: Int? = nil,
        resolutions: [Resolution] = Resolution.allCases
    ) {
        self.places = places
        self.tile = tile
        self.year = year
        self.resolutions = resolutions
    }
}
