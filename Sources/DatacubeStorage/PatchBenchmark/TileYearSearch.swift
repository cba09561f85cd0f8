/// Finds out which tile and year to look at when the user does not say.
enum TileYearSearch {
    static func find(_ selection: PatchSelection) throws -> TileYear {
        if let tile = selection.tile, let year = selection.year { return .init(tile: tile, year: year) }
        guard let place = selection.places.first else {
            throw PipelineError(.configuration, "no storage and format to load from")
        }
        let found = try place.format.layout.tileYears(in: place.store).filter {
            (selection.tile ?? $0.tile) == $0.tile && (selection.year ?? $0.year) == $0.year
        }
        guard let only = found.first else {
            let names = try place.store.children(of: "").prefix(8).joined(separator: ", ")
            throw PipelineError(
                .notFound,
                "\(place.store) has no \(place.format) data of the tile and year asked for; it holds "
                    + (names.isEmpty ? "nothing" : names)
            )
        }
        guard found.count == 1 else {
            let list = found.map(\.description).joined(separator: " ")
            throw PipelineError(.configuration, "\(place.store) has \(list); say which with --tile and --year")
        }
        return only
    }
}
