/// Smooth random fields: random numbers on a lattice, interpolated in between, several lattices summed.
struct ValueNoise: Sendable {
    /// One lattice.
    struct Octave: Sendable {
        /// Metres between lattice points.
        var cell: Double
        /// Half the range of its contribution.
        var amplitude: Float
        /// What makes it differ from others.
        var seed: UInt32
    }

    let octaves: [Octave]

    /// Lattices from `coarsest` metres on, each half as wide as the one before.
    init(coarsest: Double, octaves count: Int, persistence: Float, seed: UInt64) {
        var amplitude: Float = 1
        var cell = coarsest
        var total: Float = 0
        var octaves: [Octave] = []
        for index in 0..<count {
            octaves.append(
                Octave(
                    cell: cell,
                    amplitude: amplitude,
                    seed: UInt32(truncatingIfNeeded: HashMixing.mix(seed, UInt64(index)))
                )
            )
            total += amplitude
            amplitude *= persistence
            cell /= 2
        }
        self.octaves = octaves.map { Octave(cell: $0.cell, amplitude: $0.amplitude / total, seed: $0.seed) }
    }

    /// The field at points `spacing` metres apart, in -1...1.
    func sampled(columns: Int, rows: Int, spacing: Double) -> [Float] {
        var field = [Float](repeating: 0, count: columns * rows)
        for octave in octaves { octave.add(to: &field, columns: columns, spacing: spacing) }
        return field
    }
}

extension ValueNoise.Octave {
    /// The value at a lattice point, in -amplitude...amplitude.
    @inline(__always)
    func lattice(_ x: Int, _ y: Int) -> Float {
        let hash = HashMixing.fast(UInt32(truncatingIfNeeded: x &* 0x9E37 &+ y &* 0x85EB_CA6B) ^ seed)
        return (Float(hash >> 8) * 0x1p-23 - 1) * amplitude
    }

    fileprivate func add(to field: inout [Float], columns: Int, spacing: Double) {
        let width = Int(Double(columns) * spacing / cell) + 2
        var row = [Float](repeating: 0, count: width)
        for y in 0..<field.count / columns {
            fill(&row, at: Double(y) * spacing / cell)
            for x in 0..<columns {
                let place = Double(x) * spacing / cell
                let left = Int(place)
                let share = smooth(Float(place - Double(left)))
                field[y * columns + x] += row[left] + share * (row[left + 1] - row[left])
            }
        }
    }

    /// The lattice interpolated to one row.
    func fill(_ row: inout [Float], at place: Double) {
        let above = Int(place)
        let share = smooth(Float(place - Double(above)))
        for x in row.indices {
            let top = lattice(x, above)
            row[x] = share == 0 ? top : top + share * (lattice(x, above + 1) - top)
        }
    }
}

/// A step without corners, from 0 at 0 to 1 at 1.
@inline(__always)
func smooth(_ share: Float) -> Float { share * share * (3 - 2 * share) }

/// The same step between two limits.
func smoothStep(_ value: Float, from low: Float, to high: Float) -> Float {
    smooth(min(1, max(0, (value - low) / (high - low))))
}
