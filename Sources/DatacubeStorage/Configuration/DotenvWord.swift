/// The value of a line of `.env` as it is written, quotes and backslashes resolved.
struct DotenvWord {
    /// A part of it.
    enum Piece {
        case text([UInt8])
        /// `${NAME}`, or `${NAME:-default}`.
        case variable(String, default: DotenvWord?)
        /// A leading `~`.
        case home
    }

    private(set) var pieces: [Piece] = []

    mutating func append(_ piece: Piece) { pieces.append(piece) }

    mutating func append(_ byte: UInt8) {
        guard case .text(var bytes) = pieces.last else { return pieces.append(.text([byte])) }
        // Taken out first, so that the array is not copied for each byte.
        pieces.removeLast()
        bytes.append(byte)
        pieces.append(.text(bytes))
    }
}
