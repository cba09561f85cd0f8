/// What has to be removed from a target, and brought again, so that no file is replaced while something that is there
/// declares it.
///
/// A unit is a product or one resolution of a datacube. Before any of its data is brought, what declares them goes from the
/// target; it comes back last. So whoever opens the unit meanwhile finds none rather than a mixture of two states. With it
/// go chunks that the source's cube no longer has by its inventory, which would otherwise be read as its pixels.
struct UnitChanges {
    /// Files of the target that go before any of their unit comes: first what declares most.
    private(set) var removals: [String] = []
    /// Files of the source that are to be brought although the target has them as they are.
    private(set) var recalled: [String] = []

    /// What is the same for files of one unit.
    private struct Unit: Hashable {
        let tile: String?
        let year: Int?
        let name: String?

        init(_ place: FilePlace) { (tile, year, name) = (place.tile, place.year, place.unit) }
    }

    /// The files of a unit, by their paths.
    private struct Files {
        var data: [String] = []
        var optional: [String] = []
        var declaring: [(path: String, rank: Int)] = []

        mutating func add(_ path: String, _ place: FilePlace) {
            if place.rank > 0 {
                declaring.append((path, place.rank))
            } else {
                data.append(path)
                if place.isOptional { optional.append(path) }
            }
        }
    }

    /// - Parameters:
    ///   - format: The format, whose paths all of these are, relative to its root.
    ///   - source: What the source has of the selection.
    ///   - target: What the target has of it.
    ///   - due: What of the source is to be brought.
    ///   - vouched: What inventories of the source list; what of this is lost there may be whole in the target.
    init(
        of format: DataFormat,
        source: some Sequence<String>,
        target: some Sequence<String>,
        due: some Sequence<String>,
        vouched: (String) -> Bool
    ) {
        let (has, targets, dues) = (Self.units(source, of: format), Self.units(target, of: format), Set(due))
        let known = Set(has.values.flatMap(\.optional))
        let changed = Set(Self.units(dues, of: format).filter { !$0.value.data.isEmpty }.keys)
        for (unit, files) in targets {
            guard let sources = has[unit], !sources.declaring.isEmpty else { continue }
            // Without an inventory nobody knows whether the source has lost them.
            let isListed = sources.declaring.contains { FileSystem.name(of: $0.path) == Inventory.fileName }
            let stale = isListed ? files.optional.filter { !known.contains($0) && !vouched($0) } : []
            guard changed.contains(unit) || !stale.isEmpty else { continue }
            removals += files.declaring.sorted { ($0.rank, $0.path) > ($1.rank, $1.path) }.map(\.path) + stale.sorted()
            if files.declaring.isEmpty, stale.isEmpty { continue }
            recalled += sources.declaring.map(\.path).filter { !dues.contains($0) }
        }
    }

    private static func units(_ paths: some Sequence<String>, of format: DataFormat) -> [Unit: Files] {
        var units: [Unit: Files] = [:]
        for path in paths {
            guard let place = format.place(of: path), !place.isShared, place.tile != nil else { continue }
            units[Unit(place), default: Files()].add(path, place)
        }
        return units
    }
}
