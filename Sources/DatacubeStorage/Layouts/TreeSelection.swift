/// Which part of a format's tree to copy, judged by paths alone.
struct TreeSelection: Sendable {
    let filter: TileYearFilter
    /// Empty means all three.
    var resolutions: Set<Resolution> = []

    /// What the paths of the wanted files begin with, so that listing a store need not walk all of it.
    func prefixes(of format: DataFormat) -> [String] {
        guard !filter.tiles.isEmpty else { return [""] }
        switch format {
        case .safe: return [""]
        case .cog: return Set(filter.tiles).sorted().map { COGLayout.key(ofTile: $0) + "/" }
        case .zarr, .shardzarr: return Set(filter.tiles).sorted().map { $0 + "/" } + [MetadataDocument.name]
        }
    }

    /// Whether a file, named relative to the format's root, is wanted.
    func admits(_ path: String, of format: DataFormat) -> Bool {
        let parts = FileSystem.components(of: path)
        switch format {
        case .safe: return admitsSAFE(parts)
        case .cog: return admitsCOG(parts)
        case .zarr, .shardzarr: return admitsZarr(parts)
        }
    }

    /// The wanted ones of all files of a format's root; the groups above cubes only where some cube is wanted.
    func wanted<File>(_ files: [File], of format: DataFormat, path: (File) -> String) -> [File] {
        let admitted = files.filter { admits(path($0), of: format) }
        guard format.isZarr else { return admitted }
        var levels: Set<String> = []
        for file in admitted {
            let parts = FileSystem.components(of: path(file))
            guard !ZarrLayout.isAboveCubes(parts), parts.count > 2 else { continue }
            levels.formUnion(["", String(parts[0]), "\(parts[0])/\(parts[1])"])
        }
        return admitted.filter { file in
            let parts = FileSystem.components(of: path(file))
            return !ZarrLayout.isAboveCubes(parts) || levels.contains(parts.dropLast().joined(separator: "/"))
        }
    }

    /// Whether a file that the other side lacks may go: the groups above cubes stay as long as others may need them.
    func mayRemove(_ path: String, of format: DataFormat) -> Bool {
        let isShared = format.isZarr && ZarrLayout.isAboveCubes(FileSystem.components(of: path))
        return admits(path, of: format) && (!isShared || filter.admitsAll)
    }

    /// The error for a selection that matches nothing, `places` being where was looked.
    ///
    /// - Returns: nil where everything was asked for: an empty tree has been copied as soon as it is looked at.
    func absence(at places: [String]) -> PipelineError? {
        guard !filter.admitsAll else { return nil }
        let wanted = (filter.tiles + filter.years.map(String.init)).joined(separator: " ")
        return PipelineError(.notFound, "there is nothing of \(wanted) in \(places.joined(separator: ", "))")
    }

    /// Files of a higher rank are copied after all of a lower one, so that what declares data complete comes last.
    static func rank(_ path: String, of format: DataFormat) -> Int {
        let name = FileSystem.name(of: path)
        switch format {
        case .zarr, .shardzarr:
            let parts = FileSystem.components(of: path)
            guard name == MetadataDocument.name, !ZarrLayout.isAboveCubes(parts) else { return 0 }
            // Arrays before the groups that hold them: the deeper, the earlier.
            return max(1, 10 - parts.count)
        case .safe, .cog:
            return ["MTD_MSIL1C.xml", "manifest.safe"].contains(name) ? 1 : 0
        }
    }

    private func admitsSAFE(_ parts: [Substring]) -> Bool {
        // Beside a product lies the index of its tile-parts, named after it.
        let names = parts.map { $0.replacing(SAFEProduct.tilePartsEnding, with: "") }
        guard let folder = names.first(where: { $0.hasSuffix(".SAFE") }), let name = try? ProductName(String(folder)),
            filter.admits(name.tileYear)
        else { return false }
        guard !resolutions.isEmpty, let file = parts.last, file.hasSuffix(".jp2") else { return true }
        let wanted = resolutions.flatMap(\.bands).contains { file.hasSuffix("_\($0.name).jp2") }
        let isBand = Band.allCases.contains { file.hasSuffix("_\($0.name).jp2") } && parts.contains("IMG_DATA")
        return wanted || !isBand
    }

    private func admitsCOG(_ parts: [Substring]) -> Bool {
        guard parts.count >= 4, let year = Int(parts[3]) else { return false }
        guard admits(tile: parts[0] + parts[1] + parts[2], year: year) else { return false }
        guard !resolutions.isEmpty, let file = parts.last, file.hasSuffix(".tif") else { return true }
        return resolutions.contains { file == "\($0.name).tif" }
    }

    private func admitsZarr(_ parts: [Substring]) -> Bool {
        // The root's own document, which makes a store of the tiles that are there.
        if parts == [Substring(MetadataDocument.name)] { return true }
        guard let tile = parts.first, parts.count > 1 else { return filter.tiles.isEmpty && filter.years.isEmpty }
        guard let year = Int(parts[1]) else { return admits(tile: tile, year: nil) }
        guard admits(tile: tile, year: year) else { return false }
        guard !resolutions.isEmpty, parts.count > 3 else { return true }
        return resolutions.contains { parts[2] == $0.name }
    }

    private func admits(tile: Substring, year: Int?) -> Bool {
        (filter.tiles.isEmpty || filter.tiles.contains(String(tile)))
            && (filter.years.isEmpty || year.map(filter.years.contains) ?? true)
    }
}
