/// A product that is not complete yet, in the folder of the lock's owner, where a killed run's bytes stay for the next.
///
///     <product>.SAFE.partial/listing.json                   size and entity tag of every file
///     <product>.SAFE.partial/<product>.SAFE/…               files, whole or their first bytes
///     <product>.SAFE.partial/<product>.SAFE.tileparts.json  the index, made last
///
/// Files grow at their end only, so a file's size says how much of it is there; the listing says of which state of
/// the object.
struct PartialProduct: Sendable {
    private let target: String
    private let lock: TargetLock
    private let folder: String

    /// Where the files are gathered.
    var path: String { FileSystem.join(folder, FileSystem.name(of: target)) }
    private var listingPath: String { FileSystem.join(folder, "listing.json") }
    private var indexPath: String { path + SAFEProduct.tilePartsEnding }

    /// Names the folder for a product that shall appear at `target`.
    init(of target: String, _ lock: TargetLock) {
        self.target = target
        self.lock = lock
        folder = FileSystem.join(lock.workFolder, FileSystem.name(of: target) + AtomicFile.temporarySuffix)
    }

    /// Where a file of the product is gathered.
    func path(of file: ProductListing.File) -> String { FileSystem.join(path, file.path) }

    /// Makes the folder of one of the files.
    func createFolder(of file: ProductListing.File) throws {
        try lock.createFolder(FileSystem.parent(of: path(of: file)))
    }

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
        try lock.createFolder(path)
        // Written after the removal, so that it never vouches for bytes of an earlier state.
        try record(current)
    }

    private func record(_ states: [String: String]) throws {
        let record = JSONValue.object(states.mapValues { .string($0) })
        try AtomicFile.write(Array(record.serialized().utf8), to: listingPath)
    }

    /// Takes back a product that was named and is no longer whole: its files are verified and completed.
    ///
    /// They count as of the states that are listed now; whether they are, their checksums tell.
    func takeBack(for listing: ProductListing) throws {
        try FileSystem.remove(folder)
        try lock.createFolder(folder)
        try lock.publish(target, as: path)
        try FileSystem.remove(target + SAFEProduct.tilePartsEnding)
        try record(listing.states)
    }

    private func recordedStates() throws -> [String: String]? {
        guard try FileSystem.exists(listingPath) else { return nil }
        let record = try? JSONValue(parsing: FileSystem.contents(of: listingPath), named: listingPath)
        return record?.objectValue?.compactMapValues(\.stringValue)
    }

    /// Makes the index of tile-parts, waits for the disk, and gives everything its final name: the product last.
    func publish() throws {
        try ProductImages(DescribedProduct(SAFEProduct(path: path))).writeIndex()
        // One flush for all files and folders: each by itself would wait for the file system's journal.
        try LocalFile(reading: folder).synchronizeFileSystem()
        try FileSystem.createDirectories(FileSystem.parent(of: target))
        try lock.publish(indexPath, as: target + SAFEProduct.tilePartsEnding)
        try lock.publish(path, as: target)
        try FileSystem.synchronizeDirectory(FileSystem.parent(of: target))
        try discard()
    }

    /// Removes what a run left that was killed after it had named the product.
    func discard() throws { try FileSystem.remove(folder) }
}

extension ProductListing {
    /// What tells two states of each object apart; files without an entity tag cannot be continued.
    fileprivate var states: [String: String] {
        let known = files.filter { !$0.object.entityTag.isEmpty }
        return Dictionary(known.map { ($0.path, "\($0.object.size) \($0.object.entityTag)") }) { first, _ in first }
    }
}
