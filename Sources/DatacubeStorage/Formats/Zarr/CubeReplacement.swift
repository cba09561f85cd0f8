/// A conversion that replaces chunks of declared cubes: dates came that lie before others, or some have to go.
///
/// The cubes stay whole and declared while new chunks gather in the lock's folder; pixels of dates that they have are taken
/// from them. When all is there, ``finish(on:)`` notes so, withdraws the declarations, brings chunks to their places, and
/// declares anew. Killed from then on, the next run goes on at that point, without any of the sources.
struct CubeReplacement: CubeConversion {
    let place: CubePlace
    let previous: CubePlace?
    private let target: any ObjectStore
    private let lock: TargetLock
    private let changes: GatheredChanges

    init(of cubes: CubePlace, chunking: CubeSchema.Chunking, under lock: TargetLock) throws {
        target = cubes.store
        self.lock = lock
        previous = cubes
        changes = GatheredChanges(under: lock)
        let documents = try Resolution.allCases.map { resolution in
            let key = ObjectKey.join(cubes.path(of: resolution), MetadataDocument.name)
            let inventory = try cubes.store.get(cubes.inventory(of: resolution).key, limit: Inventory.mostBytes)
            return try MessageDigest.hexadecimal(of: (cubes.store.get(key) ?? []) + (inventory ?? []), .md5)
        }
        try changes.prepare(state: GatheredChanges.state(of: chunking) + documents)
        place = CubePlace(
            store: OverlaidStore(cubes.store, changesIn: changes.folder, under: lock),
            path: cubes.path
        )
    }

    func finish(on executor: BlockingExecutor) async throws {
        try await executor.run { [place, changes] in
            try place.store.synchronize()
            try changes.markReady()
        }
        try await Self.complete(in: target, under: lock, on: executor)
    }

    /// Brings all that is ready to its place; nothing is ready, nothing happens.
    static func complete(
        in target: any ObjectStore,
        under lock: TargetLock,
        on executor: BlockingExecutor
    ) async throws {
        let changes = GatheredChanges(under: lock)
        guard try await executor.run({ try changes.isReady }) else { return }
        let gathered = LocalStore(root: changes.folder)
        let files = try await executor.run { try gathered.list("") }
        let documents = files.map(\.key).filter { FileSystem.name(of: $0) == MetadataDocument.name }
            .sorted { (depth($0), $0) < (depth($1), $1) }
        // What declares most goes first and comes last.
        try await executor.run {
            for key in documents { try target.delete(key) }
            try target.synchronize()
        }
        let data = files.filter { FileSystem.name(of: $0.key) != MetadataDocument.name }
        try await move(data, from: changes.folder, to: target, on: executor)
        try await executor.run {
            try target.synchronize()
            for key in documents.reversed() {
                guard let bytes = try gathered.get(key) else { continue }
                try target.put(key, bytes, durability: .synchronized)
            }
            try changes.discard()
        }
    }

    private static func depth(_ key: String) -> Int { key.utf8.count { $0 == UInt8(ascii: "/") } }

    private static func move(
        _ files: [ObjectEntry],
        from folder: String,
        to target: any ObjectStore,
        on executor: BlockingExecutor
    ) async throws {
        try await forEachConcurrently(files, limit: executor.width) { file in
            let path = FileSystem.join(folder, file.key)
            if file.size > 0 {
                return try await target.adopt(file: path, as: file.key, durability: .deferred, on: executor)
            }
            try await executor.run {
                try target.delete(file.key)
                try FileSystem.remove(path)
            }
        }
    }
}
