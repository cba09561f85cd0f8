/// Proves that every source delivers the same pixels of the same patches.
struct PatchAgreement {
    private let set: SourceSet
    private var references: [Int: (source: Int, checksums: [Resolution: [UInt32]])] = [:]

    init(_ set: SourceSet) { self.set = set }

    /// Compares what a loader holds with what the first source that loaded the patch delivered.
    ///
    /// `key` is the number of the patch, `source` a position in the set.
    ///
    /// - Throws: `mismatch` naming sources, date, band and position.
    mutating func check(_ loader: PatchLoader, patch: Patch, key: Int, source: Int) async throws {
        let checksums = try await loader.series.checksums(on: loader.threads.processors)
        guard let reference = references[key] else {
            references[key] = (source, checksums)
            return
        }
        for resolution in Resolution.allCases where checksums[resolution] != reference.checksums[resolution] {
            let pairs = zip(checksums[resolution] ?? [], reference.checksums[resolution] ?? [])
            guard let plane = pairs.enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset else {
                continue
            }
            try await report(
                loader,
                patch: patch,
                resolution: resolution,
                plane: plane,
                source: source,
                reference: reference.source
            )
        }
    }

    /// CRC-32 of the planes' checksums, by the name of the resolution.
    func summary(_ key: Int) -> [String: UInt32] {
        let checksums = references[key]?.checksums ?? [:]
        return Dictionary(
            uniqueKeysWithValues: checksums.map { resolution, planes in
                let bytes = planes.flatMap { plane in (0..<4).map { UInt8(truncatingIfNeeded: plane >> ($0 * 8)) } }
                return (
                    resolution.name, CRC32.checksum(of: bytes)
                )
            }
        )
    }

    /// Loads the reference again, which only a mismatch is worth, to name the pixel.
    private func report(
        _ loader: PatchLoader,
        patch: Patch,
        resolution: Resolution,
        plane: Int,
        source: Int,
        reference: Int
    ) async throws {
        let other = try loader.another(patchSize: patch.size)
        try await other.forget()
        _ = try await other.load(patch, from: set.sources[reference].source, products: set.positions[reference])
        let (date, band) = (plane / resolution.bands.count, resolution.bands[plane % resolution.bands.count])
        let difference = loader.series.firstDifference(other.series, resolution: resolution, plane: plane)
        let place = difference.map { pixel in
            "easting \(patch.x + pixel.column * resolution.metres) northing \(patch.y - pixel.row * resolution.metres)"
        }
        throw PipelineError(
            .mismatch,
            "\(set.sources[source].name) and \(set.sources[reference].name) differ in \(band.name) of "
                + "\(set.identifiers[date]) at \(place ?? "a place that no longer differs"); convert or stage again"
        )
    }
}
