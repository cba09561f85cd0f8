/// Which part of a format's tree to copy, judged by paths alone.
struct FileSelection: Sendable {
    let filter: TileYearFilter
    /// Empty means all three.
    var resolutions: Set<Resolution> = []

    /// What the paths of the wanted files begin with, so that listing a store need not walk all of it.
    func prefixes(of format: DataFormat) -> [String] {
        let prefixes = Set(filter.tiles).sorted().map { format.layout.prefix(ofTile: $0) }
        guard !prefixes.isEmpty, !prefixes.contains(nil) else { return [""] }
        return prefixes.compactMap { $0 } + format.layout.commonKeys
    }

    /// Whether a file, named relative to the format's root, is wanted.
    func admits(_ path: String, of format: DataFormat) -> Bool {
        format.place(of: path).map(admits) ?? false
    }

    /// Whether something that cannot be looked at may hold what is wanted: not when it is of another tile or year.
    func concerns(_ path: String, of format: DataFormat) -> Bool {
        guard let place = format.place(of: path) else { return filter.admitsAll }
        return filter.admits(tile: place.tile, year: place.year) || place.tile == nil
    }

    private func admits(_ place: FilePlace) -> Bool {
        guard place.tile != nil || !place.isShared else { return true }
        guard filter.admits(tile: place.tile, year: place.year) else { return false }
        guard !resolutions.isEmpty, let name = place.resolution else { return true }
        return resolutions.contains { $0.name == name }
    }

    /// The wanted ones of all files of a format's root; what is shared only where something below it is wanted.
    func wanted<File>(_ files: [File], of format: DataFormat, path: (File) -> String) -> [File] {
        let admitted = files.compactMap { file in
            format.place(of: path(file)).flatMap { admits($0) ? (file: file, place: $0) : nil }
        }
        guard admitted.contains(where: \.place.isShared) else { return admitted.map(\.file) }
        let parts = admitted.filter { !$0.place.isShared }.map(\.place)
        let tiles = Set(parts.map(\.tile)), years = Set(parts.map { [$0.tile, $0.year.map(String.init)] })
        return admitted.filter { _, place in
            guard place.isShared else { return true }
            guard let tile = place.tile else { return !tiles.isEmpty }
            return place.year.map { years.contains([tile, String($0)]) } ?? tiles.contains(tile)
        }.map(\.file)
    }

    /// Whether a file that the other side lacks may go: what is shared stays as long as others may need it.
    func mayRemove(_ path: String, of format: DataFormat) -> Bool {
        guard let place = format.place(of: path) else { return false }
        return admits(place) && (!place.isShared || filter.admitsAll)
    }

    /// The error for a selection that matches nothing, `places` being where was looked.
    ///
    /// - Returns: nil where everything was asked for: an empty tree has been copied as soon as it is looked at.
    func absence(at places: [String]) -> PipelineError? {
        guard !filter.admitsAll else { return nil }
        let wanted = (filter.tiles + filter.years.map(String.init)).joined(separator: " ")
        return PipelineError(.notFound, "there is nothing of \(wanted) in \(places.joined(separator: ", "))")
    }
}

extension DataFormat {
    /// What a file is part of, named relative to the format's root.
    func place(of path: String) -> FilePlace? { layout.place(of: FileSystem.components(of: path)) }

    /// Files of a higher rank are copied after all of a lower one, so that what declares data complete comes last.
    func rank(of path: String) -> Int { place(of: path)?.rank ?? 0 }
}
