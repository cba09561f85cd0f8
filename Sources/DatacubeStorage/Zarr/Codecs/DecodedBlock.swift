import CBitShuffle

/// A decompressed block of a Blosc frame, of which runs are copied to their places.
///
/// Where Blosc has shuffled the bits of 16-bit elements, only those of wanted runs are put in order: C-Blosc does so with
/// whole blocks, of which a patch wants some rows, and takes longer for it than for decompressing.
@safe struct DecodedBlock {
    /// Its bytes among those of the frame.
    let range: Range<Int>
    private let bytes: UnsafeRawPointer?
    private let isShuffled: Bool

    /// - Parameters:
    ///   - bytes: The block; valid as long as this is used.
    ///   - offset: Where it begins in the frame.
    ///   - isBitShuffled: Whether the bits of the frame's blocks are shuffled.
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int, isBitShuffled: Bool) {
        range = offset..<offset + bytes.count
        unsafe self.bytes = bytes.baseAddress
        // Blosc shuffles no block that is not made of whole groups of eight elements.
        isShuffled = isBitShuffled && bytes.count % 16 == 0
    }

    /// Copies runs that lie wholly in the block.
    ///
    /// - Parameters:
    ///   - first: Where the first of a series of runs begins in the frame, in this block.
    ///   - count: How many there are.
    ///   - copy: The length of a run and the steps between runs.
    ///   - place: Where the first one goes.
    /// - Returns: How many were copied; 0 when the first one ends in another block.
    func copy(_ first: Int, count: Int, of copy: RegionCopy, to place: UnsafeMutableRawPointer) -> Int {
        let room = range.upperBound - first - copy.runBytes
        guard room >= 0 else { return 0 }
        let taken = count > 1 ? min(count, room / copy.sourceStep + 1) : 1
        let isLast = taken == count
        unsafe copyRows(
            first,
            row: copy.runBytes,
            step: copy.sourceStep,
            count: taken,
            to: place,
            placeStep: copy.destinationStep,
            next: isLast ? copy.seriesStep : taken * copy.destinationStep
        )
        return taken
    }

    /// Copies up to `count` bytes from `first` on, and returns how many.
    func copy(_ first: Int, upTo count: Int, to place: UnsafeMutableRawPointer) -> Int {
        let taken = min(count, range.upperBound - first)
        unsafe copyRows(first, row: taken, step: 0, count: 1, to: place, placeStep: 0, next: 0)
        return taken
    }

    private func copyRows(
        _ first: Int,
        row: Int,
        step: Int,
        count: Int,
        to place: UnsafeMutableRawPointer,
        placeStep: Int,
        next: Int
    ) {
        precondition(range.contains(first) && first + (count - 1) * step + row <= range.upperBound)
        guard let bytes = unsafe bytes else { return }
        let offset = first - range.lowerBound
        if isShuffled {
            unsafe bit_unshuffle_rows_16(
                bytes,
                range.count / 2,
                offset / 2,
                row / 2,
                step / 2,
                count,
                place,
                placeStep,
                next
            )
        } else {
            unsafe copy_rows(bytes + offset, row, step, count, place, placeStep, next)
        }
    }
}
