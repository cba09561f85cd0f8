/// The products below a folder, sorted out by tile and year.
public struct ProductFolder: Sendable {
    /// Products of each tile-year, sorted by name.
    public let products: [TileYear: [SAFEProduct]]
    /// Folders that cannot be listed, each with the reason, and where everything was asked for, those ending in `.SAFE`
    /// whose names are not those of Level-1C products.
    public let refusals: [PipelineError]
    /// Folders ending in `.SAFE` of other names, where certain tiles or years were asked for: they are no part of these.
    public let strangers: [PipelineError]
    /// Products that lie there packed, `.SAFE.zip`: their keys.
    public let archives: [String]
    private let place: String

    /// Walks a folder; it descends neither into products nor into symbolic links, except that the root may be one.
    public init(root: String, filter: TileYearFilter = .all) throws {
        try self.init(LocalStore(root: root), filter: filter)
    }

    /// Finds the products in a store: in a folder without descending into them, on S3 from a listing of all objects.
    public init(_ store: any ObjectStore, filter: TileYearFilter = .all) throws {
        var products: [SAFEProduct] = []
        var (refusals, strangers, archives): ([PipelineError], [PipelineError], [String]) = ([], [], [])
        for (key, listing) in try Self.folders(in: store, &refusals, archives: &archives) {
            do throws(PipelineError) {
                let product = try SAFEProduct(store, key: key, listing: listing)
                if filter.admits(product.name.tileYear) { products.append(product) }
            } catch {
                if filter.admitsAll { refusals.append(error) } else { strangers.append(error) }
            }
        }
        place = "\(store)"
        self.strangers = strangers
        self.archives = archives.filter { key in
            let name = FileSystem.name(of: key).dropLast(".zip".count)
            return (try? ProductName(String(name)).tileYear).map(filter.admits) ?? filter.admitsAll
        }
        self.products = Dictionary(grouping: products, by: \.name.tileYear)
            .mapValues { $0.sorted { $0.name.identifier < $1.name.identifier } }
        self.refusals = refusals
    }

    private static let archiveEnding = ".SAFE.zip"

    /// What was asked for and is not there: an error for each tile and each year that was named and has no product, or
    /// one where nothing was named and nothing is there; and one for products that only have to be unpacked.
    public func absences(of filter: TileYearFilter) -> [PipelineError] {
        let tiles = Set(products.keys.map(\.tile)), years = Set(products.keys.map(\.year))
        let inYears = filter.years.isEmpty ? "" : " in \(filter.years.map(String.init).joined(separator: " "))"
        var absent = filter.tiles.filter { !tiles.contains($0) }.map { "tile \($0)\(inYears)" }
        // Where no tile has any product, the years have none either.
        if absent.isEmpty || !products.isEmpty {
            absent += filter.years.filter { !years.contains($0) }.map { "year \($0)" }
        }
        if absent.isEmpty, products.isEmpty { absent = [""] }
        var errors = absent.map { what in
            let subject = what.isEmpty ? "no product" : "no product of \(what)"
            return PipelineError(
                .notFound,
                "\(place) holds \(subject); check the path, or fetch them with s2-intake-year"
            )
        }
        if let first = archives.first {
            let count = "\(archives.count) product\(archives.count == 1 ? "" : "s")"
            errors.append(
                PipelineError(
                    .unsupported,
                    "\(place) holds \(count) packed as .SAFE.zip, \(first) for one; unpack them there (unzip)"
                )
            )
        }
        return errors
    }

    private static func folders(
        in store: any ObjectStore,
        _ refusals: inout [PipelineError],
        archives: inout [String]
    ) throws -> [(key: String, listing: [ObjectEntry]?)] {
        if let root = store.properties.folder {
            let found = try productPaths(below: root, &refusals, archives: &archives)
            func key(_ path: String) -> String { String(path.dropFirst(FileSystem.join(root, "").count)) }
            archives = archives.map(key)
            return found.map { (key($0), nil) }
        }
        let entries = try store.list("")
        archives = entries.map(\.key).filter { $0.hasSuffix(archiveEnding) }
        let objects = Dictionary(grouping: entries) { entry in
            entry.key.firstRange(of: ".SAFE/").map { String(entry.key[..<$0.upperBound].dropLast()) }
        }
        return objects.compactMap { folder, listing in folder.map { ($0, listing) } }
    }

    // A folder below the root that cannot be listed costs the products in it only.
    private static func productPaths(
        below folder: String,
        _ refusals: inout [PipelineError],
        archives: inout [String]
    ) throws(PipelineError) -> [String] {
        var found: [String] = []
        for name in try FileSystem.list(folder) where !name.hasPrefix(".") {
            let path = FileSystem.join(folder, name)
            do throws(PipelineError) {
                if name.hasSuffix(archiveEnding) {
                    archives.append(path)
                } else {
                    let isFolder = try isFolder(path)
                    if name.hasSuffix(".SAFE") {
                        found.append(path)
                    } else if isFolder {
                        found += try productPaths(below: path, &refusals, archives: &archives)
                    }
                }
            } catch {
                refusals.append(error)
            }
        }
        return found
    }

    private static func isFolder(_ path: String) throws(PipelineError) -> Bool {
        let kind = try FileSystem.linkStatus(path)?.kind
        guard kind == .link else { return kind == .directory }
        guard try FileSystem.status(path)?.kind == .directory else { return false }
        throw PipelineError(
            .unsupported,
            "\(path) is a symbolic link to a folder; name that folder as the root, or put the products here"
        )
    }
}
