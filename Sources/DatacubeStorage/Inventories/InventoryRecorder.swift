import Synchronization

/// Takes down size and MD5 of every object that is written, for the inventories of units.
///
/// Objects are hashed several at a time, which costs little more than one alone: whoever brings the last one of a batch
/// hashes all of it. At most 64 MiB and one object of each thread wait for that.
final class InventoryRecorder: Sendable {
    private struct State {
        /// nil for an object that was removed.
        var entries: [String: Inventory.Entry?] = [:]
        var pending: [(key: String, bytes: [UInt8])] = []
        var pendingBytes = 0
    }

    private static let mostPendingBytes = 64 << 20
    private let state = Mutex(State())

    /// Notes an object.
    func note(_ key: String, _ bytes: [UInt8]) throws {
        let batch = state.withLock { state -> [(key: String, bytes: [UInt8])] in
            state.pending.append((key, bytes))
            state.pendingBytes += bytes.count
            let isFull = state.pending.count >= MemoryDigests.sideBySide || state.pendingBytes >= Self.mostPendingBytes
            return isFull ? Self.take(&state) : []
        }
        try hash(batch)
    }

    /// Notes that an object is gone.
    func noteRemoval(of key: String) {
        state.withLock { state in
            state.entries[key] = .some(nil)
            state.pending.removeAll { $0.key == key }
        }
    }

    /// All that was noted below a path, by paths below it, nil for what is gone; call it when nothing is being written.
    func changes(below path: String) throws -> [String: Inventory.Entry?] {
        try hash(state.withLock { Self.take(&$0) })
        let prefix = path.isEmpty ? "" : path + "/"
        let found = state.withLock { $0.entries.filter { $0.key.hasPrefix(prefix) } }
        return Dictionary(uniqueKeysWithValues: found.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    }

    private static func take(_ state: inout State) -> [(key: String, bytes: [UInt8])] {
        defer { (state.pending, state.pendingBytes) = ([], 0) }
        return state.pending
    }

    private func hash(_ batch: [(key: String, bytes: [UInt8])]) throws {
        guard !batch.isEmpty else { return }
        let digests = try MemoryDigests.md5(of: batch.map(\.bytes))
        state.withLock { state in
            for ((key, bytes), digest) in zip(batch, digests) {
                state.entries[key] = Inventory.Entry(size: bytes.count, md5: digest.hexadecimal)
            }
        }
    }
}
