import Synchronization

/// The days of a tile in one year of which every product is there, kept in a hidden file beside the products.
///
/// The file only saves questions to the catalogue: a day counts as finished while the products that were found on it
/// still exist, so removing a product, or the file, makes the next run fetch or ask again.
final class FinishedDays: Sendable {
    private let path: String
    private let keys: Mutex<[String: [String]]>

    /// Reads what earlier runs finished; a damaged file counts as none.
    init(_ tile: String, year: Int, below root: String) throws {
        path = FileSystem.join(root, ".intake-\(tile)-\(year).json")
        var found: [String: [String]] = [:]
        if try FileSystem.exists(path), let record = try? JSONValue(parsing: FileSystem.contents(of: path), named: path)
        {
            found = (record.objectValue ?? [:]).compactMapValues { $0.arrayValue?.compactMap(\.stringValue) }
        }
        keys = Mutex(found)
    }

    /// The keys of a finished day's products; nil for a day that is not finished.
    func products(on day: CatalogueInterval) -> [String]? { keys.withLock { $0[day.day] } }

    /// Notes that the products of a day, by their keys, are all there.
    func finish(_ day: CatalogueInterval, products: [String], under lock: TargetLock) throws {
        // Written inside the lock, so that the file never falls behind.
        try keys.withLock { keys in
            keys[day.day] = products
            let record = JSONValue.object(keys.mapValues { .array($0.map { .string($0) }) })
            try lock.write(Array((record.serialized() + "\n").utf8), to: path)
        }
    }
}
