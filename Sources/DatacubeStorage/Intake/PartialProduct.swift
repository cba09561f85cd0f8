/// A product that is not complete yet: a hidden folder beside the final one, in which a killed run's bytes stay.
///
///     .<product>.SAFE.partial/listing.json                   size and entity tag of every file
///     .<product>.SAFE.partial/<product>.SAFE/…               files, whole or their first bytes
///     .<product>.SAFE.partial/<product>.SAFE.tileparts.json  the index, made last
///
/// Files grow at their end only, so a file's size says how much of it is there; the listing says of which state of
/// the object.
struct PartialProduct: Sendable {
    private let target: String
    private let folder: String

    /// Where the files are gathered.
    var path: String { FileSystem.join(folder, FileSystem.name(of: target)) }
    private var listingPath: String { FileSystem.join(folder, "listing.json") }
    private var indexPath: String { path + SAFEProduct.tilePartsEnding }

    /// Names the folder for a product that shall appear at `target`.
    init(of target: String) {
        self.target = target
        let name = ".\(FileSystem.name(of: target))\(AtomicFile.temporarySuffix)"
        folder = FileSystem.join(FileSystem.parent(of: target), name)
    }

    /// Where a file of the product is gathered.
    func path(of file: ProductListing.File) -> String { FileSystem.join(path, file.path) }

    /// Makes the folder ready: what is there of other states of the objects goes, the rest stays.
    func prepare(for listing: ProductListing) throws {
        let current = listing.states
        let recorded = try recordedStates()
        guard recorded != current else { return }
        if let recorded {
            for (path, state) in recorded where current[path] != state {
                try FileSystem.remove(FileSystem.join(self.path, path))
            }
        } else {
            try FileSystem.remove(folder)
        }
        try FileSystem.createDirectories(path)
        // Written after the removal, so that it never vouches for bytes of an earlier state.
        let record = JSONValue.object(current.mapValues { .string($0) })
        try AtomicFile.write(Array(record.serialized().utf8), to: listingPath)
    }

    private func recordedStates() throws -> [String: String]? {
        guard try FileSystem.exists(listingPath) else { return nil }
        let record = try? JSONValue(parsing: FileSystem.contents(of: listingPath), named: listingPath)
        return record?.objectValue?.compactMapValues(\.stringValue)
    }

    /// Makes the index of tile-parts, waits for the disk, and gives everything its final name: the product last.
    func publish() throws {
        try ProductImages(DescribedProduct(SAFEProduct(path: path))).writeIndex()
        try synchronizeDirectories(below: path)
        try FileSystem.synchronizeDirectory(folder)
        try FileSystem.rename(indexPath, to: target + SAFEProduct.tilePartsEnding)
        try FileSystem.rename(path, to: target)
        try FileSystem.synchronizeDirectory(FileSystem.parent(of: target))
        try discard()
    }

    /// Removes what a run left that was killed after it had named the product.
    func discard() throws { try FileSystem.remove(folder) }

    private func synchronizeDirectories(below path: String) throws {
        for name in try FileSystem.list(path) {
            let entry = FileSystem.join(path, name)
            if try FileSystem.status(entry)?.kind == .directory { try synchronizeDirectories(below: entry) }
        }
        try FileSystem.synchronizeDirectory(path)
    }
}

extension ProductListing {
    /// What tells two states of each object apart; files without an entity tag cannot be continued.
    fileprivate var states: [String: String] {
        let known = files.filter { !$0.object.entityTag.isEmpty }
        return Dictionary(known.map { ($0.path, "\($0.object.size) \($0.object.entityTag)") }) { first, _ in first }
    }
}
