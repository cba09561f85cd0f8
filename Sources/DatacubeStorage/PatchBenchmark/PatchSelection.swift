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

        /// Names a place.
        public init(storage: Storage, format: DataFormat, store: any ObjectStore) {
            self.storage = storage
            self.format = format
            self.store = store
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
