/// The samples or coefficients of a window, row by row.
///
/// Bound: 4 bytes for each; the planes of a window of a tile have a third more than the window and its margins.
@safe struct CoefficientPlane: ~Copyable {
    let window: PixelWindow
    private let values: UnsafeMutablePointer<Int32>

    /// Begins with zeros: what a code-block that no packet includes stands for.
    init(_ window: PixelWindow) {
        self.window = window
        let count = max(window.pixelCount, 1)
        unsafe values = .allocate(capacity: count)
        unsafe values.initialize(repeating: 0, count: count)
    }

    deinit { unsafe values.deallocate() }

    /// A row, by its coordinate; its first value is that of the window's first column.
    @inline(__always)
    func row(_ y: Int) -> UnsafeMutablePointer<Int32> {
        precondition(window.rows.contains(y))
        return unsafe values + (y - window.rows.lowerBound) * window.width
    }

    /// Takes over what the plane has of a block that was just decoded.
    func store(_ block: CodeBlock, from decoder: borrowing CodeBlockDecoder) {
        let area = block.window.intersection(window)
        for y in area.rows {
            let line = y - block.window.rows.lowerBound
            let target = unsafe row(y) - window.columns.lowerBound
            let source = unsafe decoder.coefficients + (line >> 2 * 4 * block.window.width + line & 3)
            let left = block.window.columns.lowerBound
            for x in area.columns {
                let value = unsafe source[4 * (x - left)]
                let magnitude = Int32(truncatingIfNeeded: value & 0x7FFF_FFFF) >> 1
                unsafe target[x] = value >> 31 == 0 ? magnitude : -magnitude
            }
        }
    }
}
