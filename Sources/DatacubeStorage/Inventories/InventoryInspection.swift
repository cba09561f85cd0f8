import Synchronization

/// Whether files are compared with inventories by size only or byte by byte.
public enum FileVerification: String, Sendable, CaseIterable {
    /// Names and sizes, which costs a listing.
    case size
    /// Checksums, which costs reading everything.
    case checksum
}

/// The files that a unit should have, as an inventory or a manifest lists them, to be compared with those that it has.
struct ListedFiles: Sendable {
    /// What a file should be.
    struct File: Sendable, Equatable {
        let size: Int
        let algorithm: MessageDigest.Algorithm
        /// Hexadecimal digits in lower case.
        let digest: String
    }

    /// How a file of this machine compares with what it should be.
    static func isListed(_ path: String, as file: File) -> Bool {
        // A file that cannot be read is as good as one that is not there.
        (try? MessageDigest.hexadecimal(ofFile: path, file.algorithm)) == file.digest
    }

    let store: any ObjectStore
    /// The path that all files of the unit begin with.
    let unit: String
    /// By their paths below the unit.
    let files: [String: File]

    /// Compares the files with those that there are, given with their sizes.
    func difference(
        from present: [String: Int],
        by verification: FileVerification,
        on executor: BlockingExecutor,
        onRead: @escaping @Sendable (_ bytes: Int) -> Void = { _ in }
    ) async throws -> InventoryDifference {
        var difference = InventoryDifference(sizes: files.mapValues(\.size), files: present)
        guard verification == .checksum else { return difference }
        let names = files.keys.filter { present[$0] == files[$0]?.size }.sorted()
        let changed = Mutex<[String]>([])
        try await executor.forEach(names.count) { index in
            guard let file = files[names[index]] else { return }
            // A file that cannot be read is as good as one that is not there.
            let found = try PipelineError.result { try digest(of: names[index], file.algorithm) }
            if (try? found.get()) != file.digest { changed.withLock { $0.append(names[index]) } }
            onRead(file.size)
        }
        difference.changed = (difference.changed + changed.withLock { $0 }).sorted()
        return difference
    }

    private static let pieceBytes = 1 << 20

    /// The hash of a file of the unit, in hexadecimal digits.
    private func digest(of name: String, _ algorithm: MessageDigest.Algorithm) throws -> String {
        let key = ObjectKey.join(unit, name)
        if let folder = store.properties.folder {
            return try MessageDigest.hexadecimal(ofFile: FileSystem.join(folder, key), algorithm)
        }
        guard let reader = try store.reader(of: key) else { throw PipelineError(.notFound, "\(store)/\(key) is gone") }
        var digest = try MessageDigest(algorithm)
        let size = try reader.size()
        for offset in stride(from: 0, to: size, by: Self.pieceBytes) {
            let piece = try reader.read(count: min(Self.pieceBytes, size - offset), at: offset)
            unsafe piece.withUnsafeBytes { unsafe digest.update($0) }
        }
        return digest.hexadecimal()
    }
}

extension ListedFiles.File {
    init(_ entry: Inventory.Entry) { self.init(size: entry.size, algorithm: .md5, digest: entry.md5) }

    /// The MD5, where that is what is known.
    var md5: String? { algorithm == .md5 ? digest : nil }
}

extension InventoryPlace {
    /// How the unit differs from its inventory.
    func difference(
        from inventory: Inventory,
        by verification: FileVerification,
        on executor: BlockingExecutor,
        onRead: @escaping @Sendable (_ bytes: Int) -> Void = { _ in }
    ) async throws -> InventoryDifference {
        let present = try await executor.run { try self.files() }
        return try await ListedFiles(
            store: store,
            unit: unit,
            files: inventory.entries.mapValues(ListedFiles.File.init)
        )
        .difference(from: present, by: verification, on: executor, onRead: onRead)
    }

    /// An inventory of the files as they are.
    func made(on executor: BlockingExecutor) async throws -> Inventory {
        let recorder = InventoryRecorder()
        let names = try await executor.run { try self.files().keys.sorted() }
        try await executor.forEach(names.count) { index in
            let key = ObjectKey.join(unit, names[index])
            if let bytes = try store.get(key, limit: .max) { try recorder.note(key, bytes) }
        }
        return try Inventory(recorder.changes(below: unit).compactMapValues { $0 })
    }
}
