/// Memory for pixels on their way to the caller, used again: fresh pages would cost a read more than the copy does.
final class SpareBuffers: Sendable {
    // As many as threads that read at a time, as a rule; what is more is freed.
    private static let most = 2
    private let spare = Monitor<[PixelBuffer<UInt16>]>([])

    /// Memory for so many pixels at least, which nobody else uses until it is given back.
    func take(_ count: Int) throws -> PixelBuffer<UInt16> {
        let found = spare.change { spare in
            spare.firstIndex { $0.count >= count }.map { spare.remove(at: $0) }
        }
        return try found ?? PixelBuffer(zeroed: count)
    }

    /// Keeps memory for the next read.
    func give(_ buffer: PixelBuffer<UInt16>) {
        spare.change { spare in
            spare.append(buffer)
            if spare.count > Self.most, let least = spare.indices.min(by: { spare[$0].count < spare[$1].count }) {
                spare.remove(at: least)
            }
        }
    }
}
