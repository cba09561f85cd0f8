/// How strong the fine detail is: it decides how well each format compresses.
///
/// Share of the raw uint16 pixels, 35VLH 2024, seed 42, 12 dates, extent 3660, swath edges and clouds included; in
/// brackets the archive of real products that served as reference:
///
/// - lossless JPEG 2000: 0.43 (0.48); 0.55 for a tile that the swath covers wholly,
/// - COG, deflate without predictor, with overviews: 0.84 (0.83),
/// - Zarr, LZ4 level 5 with bit shuffle, chunks of (10, all bands, 512, 512): 0.57 (0.80).
///
/// More noise would bring Zarr nearer and the other two further away.
enum Contrast {
    /// Standard deviation of the sensor's noise in DN, in the dark.
    static let noiseFloor: Float = 22
    /// What the light adds to it.
    static let noiseShare: Float = 0.010
    /// Ground detail of 20, 40, 120 and 240 m, as shares of the reflectance.
    static let ground: [Float] = [0.06, 0.14, 0.35, 0.30]
    /// Cloud detail at the same scales.
    static let sky: [Float] = [0.02, 0.08, 0.25, 0.25]
    /// Differences from field to field.
    static let fields: Float = 0.15
}

/// Detail finer than the landscape's points, as a factor around zero.
struct RowTexture: Sendable {
    /// What the detail belongs to.
    enum Kind: Sendable { case ground, sky }

    private static let cells = [20, 40, 120, 240]
    private let lattices: [(octave: ValueNoise.Octave, step: Int, weights: [Float])]
    private let fields: [(octave: ValueNoise.Octave, columns: Int, rows: Int)]
    private let width: Int

    init(_ kind: Kind, resolution: Resolution, width: Int, seed: UInt64) {
        let amplitudes = kind == .ground ? Contrast.ground : Contrast.sky
        func octave(_ number: Int, amplitude: Float) -> ValueNoise.Octave {
            let key = HashMixing.mix(seed, UInt64(number), kind == .ground ? 1 : 2)
            return ValueNoise.Octave(cell: 1, amplitude: amplitude, seed: UInt32(truncatingIfNeeded: key))
        }
        self.width = width
        lattices = Self.cells.enumerated().filter { $0.element >= resolution.metres }.map { index, cell in
            let step = cell / resolution.metres
            let weights = (0..<step).map { smooth((Float($0) + 0.5) / Float(step)) }
            return (octave(index, amplitude: amplitudes[index]), step, weights)
        }
        let sizes = kind == .ground ? [(240, 180), (480, 420)] : []
        fields = sizes.enumerated().map { index, size in
            (octave(100 + index, amplitude: Contrast.fields), size.0 / resolution.metres, size.1 / resolution.metres)
        }
    }

    /// Fills one row; `lattice` is scratch space.
    func fill(row y: Int, into row: inout [Float], _ lattice: inout [Float]) {
        unsafe row.withUnsafeMutableBufferPointer { row in
            unsafe row.update(repeating: 0)
            for field in fields { unsafe add(field.octave, columns: field.columns, y: y / field.rows, to: row) }
            unsafe lattice.withUnsafeMutableBufferPointer { lattice in
                for part in lattices {
                    unsafe prepare(
                        lattice,
                        octave: part.octave,
                        y: y,
                        step: part.step,
                        weight: part.weights[y % part.step]
                    )
                    unsafe part.weights.withUnsafeBufferPointer { unsafe add(lattice, weights: $0, to: row) }
                }
            }
        }
    }

    /// Blocks of one value each: fields, in rows shifted against one another.
    private func add(_ octave: ValueNoise.Octave, columns: Int, y: Int, to row: UnsafeMutableBufferPointer<Float>) {
        let shift = Int(HashMixing.fast(UInt32(truncatingIfNeeded: y) ^ octave.seed)) % columns
        var start = -shift
        var number = 0
        while start < width {
            let value = octave.lattice(number, y)
            for x in max(0, start)..<min(width, start + columns) { unsafe row[x] += value }
            start += columns
            number += 1
        }
    }

    private func prepare(
        _ lattice: UnsafeMutableBufferPointer<Float>,
        octave: ValueNoise.Octave,
        y: Int,
        step: Int,
        weight: Float
    ) {
        let above = y / step
        for x in 0..<width / step + 2 {
            let top = octave.lattice(x, above)
            unsafe lattice[x] = top + weight * (octave.lattice(x, above + 1) - top)
        }
    }

    private func add(
        _ lattice: UnsafeMutableBufferPointer<Float>,
        weights: UnsafeBufferPointer<Float>,
        to row: UnsafeMutableBufferPointer<Float>
    ) {
        let step = weights.count
        var start = 0
        var number = 0
        while start < width {
            let low = unsafe lattice[number]
            let rise = unsafe lattice[number + 1] - low
            for x in 0..<min(step, width - start) { unsafe row[start + x] += low + rise * weights[x] }
            start += step
            number += 1
        }
    }
}
