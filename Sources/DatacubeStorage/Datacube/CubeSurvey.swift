/// What lies where a datacube was expected.
enum CubeSurvey {
    // A line has room for so many names.
    private static let mostNames = 8

    /// The error for a group that is no datacube of this layout.
    static func notACube(_ group: ZarrGroup, missing: [String]) -> PipelineError {
        let found = group.arrays.isEmpty ? "no arrays" : "the arrays \(listed(group.arrays.keys.sorted()))"
        let lacking = "without \(listed(missing.sorted()))"
        return PipelineError(
            .unsupported,
            "\(group.store)/\(group.path) is a Zarr group with \(found), \(lacking): none that safe2zarr wrote; "
                + "name another folder or bucket, or convert into an empty one"
        )
    }

    /// The error for a place without a group: what is there instead, from the path upwards.
    static func absent(_ cubes: CubePlace, resolution: Resolution) throws -> PipelineError {
        let (store, path) = (cubes.store, cubes.path(of: resolution))
        let expected = "\(store)/\(path) holds no complete datacube"
        for level in [path] + cubes.ancestors.reversed() {
            let names = try store.children(of: level.isEmpty ? "" : level + "/").filter { $0 != MetadataDocument.name }
            guard !names.isEmpty else { continue }
            let place = level.isEmpty ? "\(store)" : "\(store)/\(level)"
            let version2 = names.contains { [".zgroup", ".zarray", ".zmetadata"].contains($0) }
            let kind = version2 ? "Zarr version 2, which is not read here: " : ""
            return PipelineError(
                .notFound,
                "\(expected); \(place) holds \(kind)\(listed(names)). Expected is <tile>/<year>/<10m|20m|60m>, as safe2zarr writes it"
            )
        }
        return PipelineError(.notFound, "\(expected), for \(store) is empty; run safe2zarr first")
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(mostNames).joined(separator: ", ") + (names.count > mostNames ? ", … (\(names.count))" : "")
    }
}
