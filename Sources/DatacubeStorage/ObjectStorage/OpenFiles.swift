import Synchronization

/// The files that the pieces of one read have open, each opened once: on a parallel file system every open is a round trip to a
/// server of metadata.
///
/// They are closed when the read is over, so that the next one sees what was replaced since. Bound: ``most`` descriptors
/// for each read in flight; files beyond that are opened for each piece.
final class OpenFiles: Sendable {
    /// Those of the piece that this thread works on.
    @TaskLocal static var current: OpenFiles?

    /// A quarter of the descriptors that systems grant a process as a rule, with room for four workers.
    static let most = 256

    private final class Slot: Sendable {
        let reader = Mutex<(any ObjectReader)?>(nil)
    }

    private let slots = Mutex<[String: Slot]>([:])

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
            if slots[name] == nil, slots.count < Self.most { slots[name] = Slot() }
            return slots[name]
        }
    }
}
