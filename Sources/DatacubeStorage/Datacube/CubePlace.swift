/// Where the three cubes of a tile-year lie: the group above them.
struct CubePlace: Sendable {
    let store: any ObjectStore
    /// The group's path in the store; empty for the root.
    let path: String

    /// The path of the group of one resolution.
    func path(of resolution: Resolution) -> String { ObjectKey.join(path, resolution.name) }

    /// The cube of one resolution, nil where there is none that is complete.
    func cube(_ resolution: Resolution) throws -> Cube? { try Cube.open(store, path: path(of: resolution)) }

    /// Where the inventory of one resolution is: in the folder of the array `data`, in which no reader of groups looks.
    func inventory(of resolution: Resolution) -> InventoryPlace {
        InventoryPlace(store, unit: path(of: resolution), folder: "data")
    }

    /// The same to take pixels from: a chunk that was lost is an error, not nodata.
    func vouchedCube(_ resolution: Resolution) throws -> Cube? {
        try Cube.open(vouchedStore(resolution), path: path(of: resolution))
    }

    /// What ``vouchedCube(_:)`` reads from.
    func vouchedStore(_ resolution: Resolution) -> VouchedStore {
        VouchedStore(inventory(of: resolution), remedy: "run safe2zarr again, which restores it") {
            FileSystem.name(of: $0) == MetadataDocument.name
        }
    }

    /// The paths of the groups above the cubes, from the root down.
    var ancestors: [String] {
        let names = path.split(separator: "/")
        return (0...names.count).map { names.prefix($0).joined(separator: "/") }
    }

    /// How many dates all three resolutions have.
    func dateCount() throws -> Int { try Resolution.allCases.map { try cube($0)?.steps.count ?? 0 }.min() ?? 0 }
}

extension CubePlace: CustomStringConvertible {
    var description: String { path.isEmpty ? "\(store)" : "\(store)/\(path)" }
}
