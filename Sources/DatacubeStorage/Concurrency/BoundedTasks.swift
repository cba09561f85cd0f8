/// Runs `work` for each element with at most `limit` in flight: start that many, then one per completion.
///
/// - Throws: the first error; the others are cancelled.
public func forEachConcurrently<Element: Sendable>(
    _ elements: [Element],
    limit: Int,
    work: @escaping @Sendable (Element) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        var pending = elements.makeIterator()
        for _ in 0..<max(1, limit) {
            guard let element = pending.next() else { break }
            group.addTask { try await work(element) }
        }
        while try await group.next() != nil {
            guard let element = pending.next() else { continue }
            group.addTask { try await work(element) }
        }
    }
}
