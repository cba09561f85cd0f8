// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#group

/// The groups above the cubes of a tile-year: the store's root, the tile and the year.
///
/// Their documents say that they are groups, and list nothing. Jobs of an array work on tiles and years at once, so
/// that a listing above the cube would need all of them to take turns; without one, every run writes the same bytes, and
/// none can lose what another wrote. Readers find what lies below by listing.
enum CubeAncestors {
    /// The paths of those that are not there, or have a listing, which any later run may make untrue.
    static func lacking(of place: CubePlace) throws -> [String] {
        try place.ancestors.filter { try present($0, in: place.store).map { $0.consolidated != nil } ?? true }
    }

    /// Writes those that are ``lacking(of:)``, or all of them anew; attributes that somebody gave a group stay.
    static func complete(of place: CubePlace, anew: Bool = false) throws {
        for path in try anew ? place.ancestors : lacking(of: place) {
            let attributes = (try? present(path, in: place.store))?.attributes ?? [:]
            let document = GroupMetadata(attributes: attributes).document
            try place.store.put(ObjectKey.join(path, MetadataDocument.name), document, durability: .synchronized)
        }
    }

    private static func present(_ path: String, in store: any ObjectStore) throws -> GroupMetadata? {
        let key = ObjectKey.join(path, MetadataDocument.name)
        guard let bytes = try store.get(key) else { return nil }
        do {
            return try GroupMetadata(json: JSONValue(parsing: bytes, named: key))
        } catch {
            let remedy = "there must be a group of Zarr version 3; remove it, or use another folder or bucket"
            throw PipelineError(.mismatch, "\(store)/\(key) is no group's; \(remedy)", cause: "\(error)")
        }
    }
}
