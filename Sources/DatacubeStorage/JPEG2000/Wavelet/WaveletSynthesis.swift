// Reversible 5-3 wavelet, ITU-T T.800 | ISO/IEC 15444-1, annex F.

/// The coefficients that one step of the inverse transform puts together to a window of the next higher resolution.
struct SubbandPlanes: ~Copyable {
    let ll: CoefficientPlane
    let hl: CoefficientPlane
    let lh: CoefficientPlane
    let hh: CoefficientPlane
    let columns: SynthesisAxis
    let rows: SynthesisAxis
}

/// One step of the inverse transform, row by row, so that what it works on stays in the processor's nearest cache.
///
/// Bound: seven rows.
@safe struct WaveletSynthesis: ~Copyable {
    private let planes: SubbandPlanes
    private let even: RowPair
    private let high: RowPair
    private let odd: UnsafeMutablePointer<Int32>
    private let across: RowSynthesis

    init(_ planes: consuming SubbandPlanes) {
        // One sample for windows of none.
        let width = planes.columns.part.count + 1
        even = RowPair(width)
        high = RowPair(width)
        unsafe odd = .allocate(capacity: width)
        across = RowSynthesis(planes.columns)
        self.planes = planes
    }

    deinit { unsafe odd.deallocate() }

    /// Makes the rows of the window from the first to the last.
    consuming func forEachRow(_ use: (_ y: Int, UnsafeMutablePointer<Int32>) -> Void) {
        for y in planes.rows.part {
            unsafe use(y, y & 1 == 0 ? evenRow(y >> 1) : oddRow(y >> 1))
        }
    }

    /// Makes all of the window.
    consuming func plane() -> CoefficientPlane {
        let plane = CoefficientPlane(PixelWindow(columns: planes.columns.part, rows: planes.rows.part))
        unsafe forEachRow { y, row in unsafe plane.row(y).update(from: row, count: plane.window.width) }
        return plane
    }

    /// The even row 2n (F-5).
    private func evenRow(_ n: Int) -> UnsafeMutablePointer<Int32> {
        let (row, isMade) = unsafe even.slot(n)
        if isMade { return unsafe row }
        unsafe across.combine(planes.ll.row(n), high: planes.hl.row(n), into: row)
        if planes.rows.isSingle { return unsafe row }
        let before = unsafe highRow(planes.rows.highIndex(n - 1))
        let after = unsafe highRow(planes.rows.highIndex(n))
        for x in 0..<planes.columns.part.count {
            unsafe row[x] &-= (before[x] &+ after[x] &+ 2) >> 2
        }
        return unsafe row
    }

    /// The odd row 2n + 1 (F-6).
    private func oddRow(_ n: Int) -> UnsafeMutablePointer<Int32> {
        let row = unsafe highRow(n)
        let count = planes.columns.part.count
        if planes.rows.isSingle {
            for x in 0..<count { unsafe odd[x] = row[x] >> 1 }
            return unsafe odd
        }
        let before = unsafe evenRow(planes.rows.lowIndex(n))
        let after = unsafe evenRow(planes.rows.lowIndex(n + 1))
        for x in 0..<count { unsafe odd[x] = row[x] &+ (before[x] &+ after[x]) >> 1 }
        return unsafe odd
    }

    private func highRow(_ n: Int) -> UnsafeMutablePointer<Int32> {
        let (row, isMade) = unsafe high.slot(n)
        if !isMade { unsafe across.combine(planes.lh.row(n), high: planes.hh.row(n), into: row) }
        return unsafe row
    }
}

/// The last two rows of a kind that were made; of three that follow one another, no more are ever in use.
@safe private struct RowPair: ~Copyable {
    private let rows: UnsafeMutablePointer<Int32>
    private let width: Int
    /// Which row each of them is.
    private let made: UnsafeMutablePointer<Int>

    init(_ width: Int) {
        self.width = width
        unsafe rows = .allocate(capacity: 2 * width)
        unsafe made = .allocate(capacity: 2)
        unsafe made.initialize(repeating: .min, count: 2)
    }

    deinit {
        unsafe rows.deallocate()
        unsafe made.deallocate()
    }

    /// Where row n is, or has to be made now.
    @inline(__always)
    func slot(_ n: Int) -> (row: UnsafeMutablePointer<Int32>, isMade: Bool) {
        let index = n & 1
        let isMade = unsafe made[index] == n
        unsafe made[index] = n
        return unsafe (rows + index * width, isMade)
    }
}
