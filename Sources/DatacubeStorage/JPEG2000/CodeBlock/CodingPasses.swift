/// The three kinds of coding passes over a code-block, T.800, D.3, on the buffers of a ``CodeBlockDecoder``.
///
/// Coefficients are visited in stripes of four rows, column by column. A pass keeps the column's word and the arithmetic
/// decoder in registers; the steps are written for one row and repeated by the compiler for each of the four, so that
/// shifts and masks are constants.
@safe struct CodingPasses {
    let words: UnsafeMutablePointer<ColumnWord>
    let coefficients: UnsafeMutablePointer<UInt32>
    let contexts: UnsafeMutablePointer<ArithmeticContext>
    let significance: UnsafePointer<UInt8>
    let signs: UnsafePointer<UInt8>
    let width: Int
    let height: Int
    var decoder: ArithmeticDecoder

    /// Decodes the insignificant coefficients that have a significant neighbour (D.3.1).
    mutating func propagateSignificance(_ plane: UInt32) {
        var decoder = self.decoder
        forEachColumn { column, rows in
            // Without a significant neighbour, or without an insignificant coefficient, there is nothing to decode.
            guard column.word.hasSignificant, !column.word.areAllSignificant else { return }
            propagate(0, column: &column, plane: plane, decoder: &decoder)
            if rows > 1 { propagate(1, column: &column, plane: plane, decoder: &decoder) }
            if rows > 2 { propagate(2, column: &column, plane: plane, decoder: &decoder) }
            if rows > 3 { propagate(3, column: &column, plane: plane, decoder: &decoder) }
        }
        self.decoder = decoder
    }

    /// Decodes one more bit of the coefficients that were significant before this bit-plane (D.3.3).
    mutating func refineMagnitudes(_ plane: UInt32) {
        var decoder = self.decoder
        // The context of most refinements, in registers.
        var later = unsafe contexts[CodingContexts.magnitudeLater]
        forEachColumn { column, _ in
            refine(0, column: &column, plane: plane, later: &later, decoder: &decoder)
            refine(1, column: &column, plane: plane, later: &later, decoder: &decoder)
            refine(2, column: &column, plane: plane, later: &later, decoder: &decoder)
            refine(3, column: &column, plane: plane, later: &later, decoder: &decoder)
        }
        unsafe contexts[CodingContexts.magnitudeLater] = later
        self.decoder = decoder
    }

    /// Decodes the coefficients that the other two passes of this bit-plane left out (D.3.4).
    mutating func cleanUp(_ plane: UInt32) {
        var decoder = self.decoder
        forEachColumn { column, rows in
            if column.word.isEmpty, rows >= 4 {
                guard unsafe decoder.decode(&contexts[CodingContexts.runLength]) == 1 else { return }
                endRun(&column, plane: plane, decoder: &decoder)
            } else if !column.word.areAllDone {
                cleanUp(0, column: &column, plane: plane, decoder: &decoder)
                if rows > 1 { cleanUp(1, column: &column, plane: plane, decoder: &decoder) }
                if rows > 2 { cleanUp(2, column: &column, plane: plane, decoder: &decoder) }
                if rows > 3 { cleanUp(3, column: &column, plane: plane, decoder: &decoder) }
            }
            column.word.clearVisited()
        }
        self.decoder = decoder
    }

    // MARK: Columns

    /// Four rows of a column: its word, which is written back after the visit, and where word and coefficients lie.
    @safe private struct Column {
        var word: ColumnWord
        let place: UnsafeMutablePointer<ColumnWord>
        let coefficients: UnsafeMutablePointer<UInt32>
    }

    @inline(__always)
    private func forEachColumn(_ visit: (_ column: inout Column, _ rowsLeft: Int) -> Void) {
        var place = unsafe words + (stride + 1)
        var coefficients = unsafe self.coefficients
        var rows = height
        while rows > 0 {
            for _ in 0..<width {
                var column = unsafe Column(word: place.pointee, place: place, coefficients: coefficients)
                visit(&column, rows)
                unsafe place.pointee = column.word
                unsafe place += 1
                unsafe coefficients += 4
            }
            unsafe place += 2
            rows -= 4
        }
    }

    // MARK: Steps

    @inline(__always)
    private func propagate(_ row: Int, column: inout Column, plane: UInt32, decoder: inout ArithmeticDecoder) {
        // 0 for those without a significant neighbour, and in this table for significant ones.
        let context = unsafe significance[Int(column.word.neighbourhood(row))]
        guard context != 0 else { return }
        column.word.markVisited(row)
        guard unsafe decoder.decode(&contexts[Int(context)]) == 1 else { return }
        becomeSignificant(row, column: &column, plane: plane, decoder: &decoder)
    }

    @inline(__always)
    private func refine(
        _ row: Int,
        column: inout Column,
        plane: UInt32,
        later: inout ArithmeticContext,
        decoder: inout ArithmeticDecoder
    ) {
        guard column.word.needsRefinement(row) else { return }
        if column.word.isRefined(row) {
            return refineAgain(row, column: &column, plane: plane, context: &later, decoder: &decoder)
        }
        let context = column.word.neighbours(row) == 0 ? CodingContexts.magnitude : CodingContexts.magnitude + 1
        column.word.markRefined(row)
        unsafe refineAgain(row, column: &column, plane: plane, context: &contexts[context], decoder: &decoder)
    }

    @inline(__always)
    private func refineAgain(
        _ row: Int,
        column: inout Column,
        plane: UInt32,
        context: inout ArithmeticContext,
        decoder: inout ArithmeticDecoder
    ) {
        let bit = decoder.decode(&context)
        // Half a step more was assumed before.
        unsafe column.coefficients[row] &+= (bit &<< plane) &- (1 &<< (plane &- 1))
    }

    @inline(__always)
    private func cleanUp(_ row: Int, column: inout Column, plane: UInt32, decoder: inout ArithmeticDecoder) {
        guard !column.word.isDone(row) else { return }
        decodeSignificance(row, column: &column, plane: plane, decoder: &decoder)
    }

    /// Continues where a run of insignificant coefficients was broken off.
    @inline(__always)
    private func endRun(_ column: inout Column, plane: UInt32, decoder: inout ArithmeticDecoder) {
        let high = unsafe decoder.decode(&contexts[CodingContexts.uniform])
        let first = unsafe high << 1 | decoder.decode(&contexts[CodingContexts.uniform])
        switch first {
        case 0: becomeSignificant(0, column: &column, plane: plane, decoder: &decoder)
        case 1: becomeSignificant(1, column: &column, plane: plane, decoder: &decoder)
        case 2: becomeSignificant(2, column: &column, plane: plane, decoder: &decoder)
        default: becomeSignificant(3, column: &column, plane: plane, decoder: &decoder)
        }
        if first < 1 { cleanUp(1, column: &column, plane: plane, decoder: &decoder) }
        if first < 2 { cleanUp(2, column: &column, plane: plane, decoder: &decoder) }
        if first < 3 { cleanUp(3, column: &column, plane: plane, decoder: &decoder) }
    }

    @inline(__always)
    private func decodeSignificance(
        _ row: Int,
        column: inout Column,
        plane: UInt32,
        decoder: inout ArithmeticDecoder
    ) {
        let context = unsafe significance[Int(column.word.neighbours(row))]
        guard unsafe decoder.decode(&contexts[Int(context)]) == 1 else { return }
        becomeSignificant(row, column: &column, plane: plane, decoder: &decoder)
    }

    /// Decodes the sign (D.3.2) and tells the neighbours.
    @inline(__always)
    private func becomeSignificant(
        _ row: Int,
        column: inout Column,
        plane: UInt32,
        decoder: inout ArithmeticDecoder
    ) {
        let left = unsafe column.place - 1
        let right = unsafe column.place + 1
        let index = unsafe column.word.signIndex(row, left: left.pointee, right: right.pointee)
        let entry = unsafe signs[Int(index)]
        let sign = unsafe decoder.decode(&contexts[Int(entry >> 1)]) ^ UInt32(entry & 1)
        unsafe column.coefficients[row] = 3 &<< (plane &- 1) | sign << 31
        column.word.markSignificant(row, sign: sign)
        unsafe left.pointee.markRight(row)
        unsafe right.pointee.markLeft(row)
        if row == 0 {
            let above = unsafe column.place - stride
            unsafe above[-1].markRight(4)
            unsafe above[0].markBelow(sign: sign)
            unsafe above[1].markLeft(4)
        }
        if row == 3 {
            let below = unsafe column.place + stride
            unsafe below[-1].markRight(-1)
            unsafe below[0].markAbove(sign: sign)
            unsafe below[1].markLeft(-1)
        }
    }

    private var stride: Int { width + 2 }
}
