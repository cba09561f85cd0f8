/// The products below a folder, sorted out by tile and year.
public struct ProductCatalogue: Sendable {
    /// One tile in one year: what a Slurm array task works on.
    public struct TileYear: Sendable, Hashable, Comparable, CustomStringConvertible {
        /// MGRS tile, `35VLH`.
        public let tile: String
        /// UTC year of the sensing start.
        public let year: Int

        /// Names a tile-year.
        public init(tile: String, year: Int) {
            self.tile = tile
            self.year = year
        }

        /// `35VLH/2024`.
        public var description: String { "\(tile)/\(year)" }

        /// By tile, then by year.
        public static func < (one: TileYear, other: TileYear) -> Bool {
            (one.tile, one.year) < (other.tile, other.year)
        }
    }

    /// Which products to look at; an empty list means all.
    public struct Filter: Sendable {
        /// MGRS tiles.
        public var tiles: [String]
        /// UTC years.
        public var years: [Int]

        /// Creates a filter.
        public init(tiles: [String] = [], years: [Int] = []) {
            self.tiles = tiles
            self.years = years
        }

        /// Whether the product passes.
        public func admits(_ name: ProductName) -> Bool {
            (tiles.isEmpty || tiles.contains(name.tile)) && (years.isEmpty || years.contains(name.year))
        }
    }

    /// Products of each tile-year, sorted by name.
    public let products: [TileYear: [SAFEProduct]]
    /// Folders ending in `.SAFE` whose names are not those of Level-1C products and folders that cannot be listed,
    /// each with the reason.
    public let refusals: [PipelineError]

    /// Walks a folder; it does not descend into products.
    public init(root: String, filter: Filter = Filter()) throws {
        try self.init(LocalStore(root: root), filter: filter)
    }

    /// Finds the products in a store: in a folder without descending into them, on S3 from a listing of all objects.
    public init(_ store: any ObjectStore, filter: Filter = Filter()) throws {
        var products: [SAFEProduct] = []
        var refusals: [PipelineError] = []
        for (key, listing) in try ProductCatalogue.folders(in: store, &refusals) {
            do throws(PipelineError) {
                let product = try SAFEProduct(store, key: key, listing: listing)
                if filter.admits(product.name) { products.append(product) }
            } catch {
                refusals.append(error)
            }
        }
        self.products = Dictionary(grouping: products) { TileYear(tile: $0.name.tile, year: $0.name.year) }
            .mapValues { $0.sorted { $0.name.identifier < $1.name.identifier } }
        self.refusals = refusals
    }

    private static func folders(
        in store: any ObjectStore,
        _ refusals: inout [PipelineError]
    ) throws -> [(key: String, listing: [ObjectEntry]?)] {
        if let local = store as? LocalStore {
            return try productPaths(below: local.root, &refusals).map {
                (String($0.dropFirst(FileSystem.join(local.root, "").count)), nil)
            }
        }
        let objects = Dictionary(grouping: try store.list("")) { entry in
            entry.key.firstRange(of: ".SAFE/").map { String(entry.key[..<$0.upperBound].dropLast()) }
        }
        return objects.compactMap { folder, listing in folder.map { ($0, listing) } }
    }

    // A folder below the root that cannot be listed costs the products in it only.
    private static func productPaths(
        below folder: String,
        _ refusals: inout [PipelineError]
    ) throws(PipelineError) -> [String] {
        var found: [String] = []
        for name in try FileSystem.list(folder) where !name.hasPrefix(".") {
            let path = FileSystem.join(folder, name)
            do throws(PipelineError) {
                if name.hasSuffix(".SAFE") {
                    found.append(path)
                } else if try FileSystem.status(path)?.kind == .directory {
                    found += try productPaths(below: path, &refusals)
                }
            } catch {
                refusals.append(error)
            }
        }
        return found
    }
}
