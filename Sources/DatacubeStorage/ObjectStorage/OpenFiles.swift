import Synchronization

/// The files that the pieces of one read have open, each opened once.
///
/// On a parallel file system every open is a round trip to a server of metadata. They are closed when the read is over, so
/// that the next one sees what was replaced since. Bound: the descriptors of a ``Budget``; files beyond that are opened for
/// each piece.
final class OpenFiles: Sendable {
    /// How many descriptors all reads together may keep.
    final class Budget: Sendable {
        /// That of the process: a quarter of the 1024 descriptors that systems grant as a rule.
        static let shared = Budget(256)

        private let left: Atomic<Int>

        init(_ count: Int) { left = Atomic(count) }

        func take() -> Bool {
            if left.subtract(1, ordering: .relaxed).newValue >= 0 { return true }
            giveBack(1)
            return false
        }

        func giveBack(_ count: Int) { left.add(count, ordering: .relaxed) }
    }

    private final class Slot: Sendable {
        let reader = Mutex<(any ObjectReader)?>(nil)
    }

    /// Those of the piece that this thread works on.
    @TaskLocal static var current: OpenFiles?

    private let budget: Budget
    private let slots = Mutex<[String: Slot]>([:])

    init(_ budget: Budget = .shared) { self.budget = budget }

    deinit { budget.giveBack(slots.withLock { $0.count }) }

    /// The file that was opened under this name, or now is.
    func reader(_ name: String, opening open: () throws -> (any ObjectReader)?) throws -> (any ObjectReader)? {
        guard let slot = slot(name) else { return try open() }
        return try slot.reader.withLock { held in
            if let held { return held }
            let opened = try open()
            if opened?.holdsDescriptor == true { held = opened }
            return opened
        }
    }

    private func slot(_ name: String) -> Slot? {
        slots.withLock { slots in
            if slots[name] == nil, budget.take() { slots[name] = Slot() }
            return slots[name]
        }
    }
}
