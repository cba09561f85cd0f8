/// Hands the body of an answer from the transport's thread to the thread that waits for it.
///
/// The transport's thread serves all connections: where it waits for a disk, all of them stand still. It also gets a body
/// in pieces of 16 KiB, which are gathered into larger ones.
final class BodyRelay: Sendable {
    private struct State {
        var gathered: [UInt8] = []
        /// What waits to be taken, in order.
        var pieces: [[UInt8]] = []
        /// Memory for pieces to come.
        var spare: [[UInt8]] = []
        var result: Result<HTTPResponse, any Error>?
        var failure: (any Error)?
        /// When the taker was woken last, in seconds.
        var woken = SystemClock.seconds()

        mutating func passGathered() {
            pieces.append(gathered)
            gathered = spare.popLast() ?? []
        }
    }

    // Whole pages, which a file system takes with less effort than parts of them. Still so little that glibc takes it from
    // what was freed, not from the kernel, which would have to clear it.
    private static let pieceBytes = 96 << 10
    // How far the taker may be behind: less than 1 MiB.
    private static let mostPieces = 8
    // How many it is woken for: small bodies are taken at once, and of large ones one half comes while the other is taken.
    // Where pieces come slowly it is woken for each, so that little is lost when the process is killed.
    private static let (piecesWorthWaking, secondsWorthWaking) = (4, 0.05)
    private let state = Monitor(State())

    /// Takes what the transport received; waits only when the taker is far behind.
    ///
    /// - Throws: What the taker threw.
    func add(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = unsafe bytes[...]
        while unsafe !rest.isEmpty {
            let taken = try unsafe gather(UnsafeRawBufferPointer(rebasing: rest))
            unsafe rest = unsafe rest.dropFirst(taken.count)
            if taken.isFull { passGathered() }
        }
    }

    /// Takes as much as the piece has room for.
    private func gather(_ bytes: UnsafeRawBufferPointer) throws -> (count: Int, isFull: Bool) {
        try state.wait { state -> Result<(count: Int, isFull: Bool), any Error>? in
            if let failure = state.failure { return .failure(failure) }
            guard state.pieces.count < Self.mostPieces else { return nil }
            state.gathered.reserveCapacity(Self.pieceBytes)
            let count = min(bytes.count, Self.pieceBytes - state.gathered.count)
            unsafe state.gathered.append(contentsOf: bytes.prefix(count))
            return .success((count, state.gathered.count == Self.pieceBytes))
        }.get()
    }

    // Waking the taker for each piece would cost more than it gains.
    private func passGathered() {
        let now = SystemClock.seconds()
        state.changeAndWakeIf { state in
            state.passGathered()
            let isWorthWaking =
                state.pieces.count >= Self.piecesWorthWaking || now - state.woken > Self.secondsWorthWaking
            if isWorthWaking { state.woken = now }
            return isWorthWaking
        }
    }

    /// Takes the end of the request.
    func end(_ result: Result<HTTPResponse, any Error>) {
        state.change { state in
            if !state.gathered.isEmpty { state.passGathered() }
            state.result = result
        }
    }

    /// Gives the body piece by piece to a function, on this thread, until the request has ended.
    ///
    /// What came before a request failed is given too.
    func pass(to take: (UnsafeRawBufferPointer) throws -> Void) throws -> HTTPResponse {
        while var piece = next() {
            let taken = Result { try unsafe piece.withUnsafeBytes { try unsafe take($0) } }
            piece.removeAll(keepingCapacity: true)
            state.change { state in
                state.spare.append(piece)
                guard case .failure(let error) = taken else { return }
                state.failure = state.failure ?? error
                state.pieces = []
            }
        }
        return try state.wait { state in
            state.failure.map { .failure($0) } ?? state.result
        }.get()
    }

    private func next() -> [UInt8]? {
        state.wait { state -> [UInt8]?? in
            // A taker that has failed gets no more, also of what the transport was just passing on.
            if state.failure == nil, !state.pieces.isEmpty { return .some(state.pieces.removeFirst()) }
            return state.result == nil ? nil : .some(nil)
        }
    }
}
