/// The pixels of one band on one date, row by row.
///
/// A row is the landscape's reflectance and the cloud's, interpolated from points 120 m apart, times a texture of the
/// ground and one of the clouds (finer lattices and field-like blocks), plus noise of the sensor; then the offset of
/// the baseline, clipping to 15 bits, and zero where the swath ends. About ten additions a pixel: a full 10 m band
/// takes a second or two on one core.
///
/// Contrast and noise are chosen so that a year of products takes up the space that the real ones take in each
/// format; the figures that came of it stand at ``Contrast``.
struct SceneBand: Sendable {
    let width: Int
    private let resolution: Resolution
    private let columns: Int
    private let clear: [Float]
    private let overcast: [Float]
    private let opacity: [Float]
    private let ground: RowTexture
    private let sky: RowTexture
    private let noiseSeed: UInt32
    private let offset: Float
    private let track: GroundTrack

    init(_ band: Band, of acquisition: Acquisition, over landscape: Landscape, in weather: Weather, extent: Int) {
        let resolution = band.resolution
        self.width = extent * 10 / resolution.metres
        self.resolution = resolution
        self.columns = landscape.columns
        self.clear = Self.clearSky(band, land: landscape, weather: weather, season: Season(acquisition))
        self.overcast = weather.brightness.map { $0 * SurfaceSpectra.cloud[band.rawValue] }
        self.opacity = weather.opacity
        let place = HashMixing.key(acquisition.tile.name)
        self.ground = RowTexture(.ground, resolution: resolution, width: width, seed: place)
        self.sky = RowTexture(.sky, resolution: resolution, width: width, seed: acquisition.seed)
        self.noiseSeed = UInt32(truncatingIfNeeded: HashMixing.mix(acquisition.seed, UInt64(band.rawValue)))
        self.offset = acquisition.baseline.addsRadiometricOffset ? 1000 : 0
        self.track = acquisition.track
    }

    /// The reflectance of the ground without clouds, on the landscape's points.
    private static func clearSky(_ band: Band, land: Landscape, weather: Weather, season: Season) -> [Float] {
        let index = band.rawValue
        return land.elevation.indices.map { point in
            let late = weather.greenness * (0.75 + 0.25 * land.phase[point]) - 0.35 * max(0, land.phase[point])
            let green = min(1, max(0, late))
            let farmed = SurfaceSpectra.soil[index] + green * (SurfaceSpectra.crop[index] - SurfaceSpectra.soil[index])
            let wooded = SurfaceSpectra.forest[index] * (0.75 + 0.25 * weather.greenness)
            let dry = farmed + land.forest[point] * (wooded - farmed)
            let relief = dry * (0.7 + 0.6 * land.elevation[point])
            let bare = relief + land.water[point] * (SurfaceSpectra.water[index] - relief)
            let snow = season.snow(at: land.elevation[point]) * (1 - 0.6 * land.forest[point])
            return bare + snow * (SurfaceSpectra.snow[index] - bare)
        }
    }

    /// Fills one row of pixels.
    func fill(row y: Int, into pixels: UnsafeMutableBufferPointer<UInt16>, _ scratch: inout RowScratch) {
        let step = Landscape.spacing / resolution.metres
        let place = (Float(y) + 0.5) / Float(step)
        interpolate(clear, at: place, step: step, into: &scratch.clear)
        interpolate(overcast, at: place, step: step, into: &scratch.overcast)
        interpolate(opacity, at: place, step: step, into: &scratch.opacity)
        ground.fill(row: y, into: &scratch.ground, &scratch.lattice)
        sky.fill(row: y, into: &scratch.sky, &scratch.lattice)
        unsafe combine(row: y, into: pixels, scratch)
        unsafe clear(pixels, outside: track.columns(ofRow: y, width: width))
    }

    private func combine(row y: Int, into pixels: UnsafeMutableBufferPointer<UInt16>, _ scratch: borrowing RowScratch) {
        let key = HashMixing.fast(UInt32(truncatingIfNeeded: y)) ^ noiseSeed
        unsafe scratch.withRows { clear, overcast, opacity, ground, sky in
            for x in 0..<width {
                let land = unsafe clear[x] * (1 + ground[x])
                let cloud = unsafe overcast[x] * (1 + sky[x])
                let light = unsafe land + opacity[x] * (cloud - land)
                let hash = HashMixing.fast(UInt32(truncatingIfNeeded: x) &* 0x9E37_79B9 &+ key)
                // Four uniform bytes sum up to something close to a Gaussian, 147.8 wide.
                let sum = (hash & 0x00FF_00FF) &+ (hash >> 8 & 0x00FF_00FF)
                let gauss = Float((sum &+ sum >> 16) & 0xFFFF) - 510
                let noise = gauss * (1 / 147.8) * (Contrast.noiseFloor + Contrast.noiseShare * light)
                let value = light + noise + offset
                unsafe pixels[x] = UInt16(truncatingIfNeeded: Int32(min(32767, max(1, value))))
            }
        }
    }

    private func clear(_ pixels: UnsafeMutableBufferPointer<UInt16>, outside seen: Range<Int>) {
        for x in 0..<seen.lowerBound { unsafe pixels[x] = 0 }
        for x in seen.upperBound..<width { unsafe pixels[x] = 0 }
    }

    /// One row between the landscape's points: `step` pixels from point to point.
    private func interpolate(_ field: [Float], at place: Float, step: Int, into row: inout [Float]) {
        let above = Int(place)
        let share = place - Float(above)
        let first = above * columns
        unsafe field.withUnsafeBufferPointer { field in
            unsafe row.withUnsafeMutableBufferPointer { row in
                for column in 0..<columns - 1 {
                    let low =
                        unsafe field[first + column] + share * (field[first + columns + column] - field[first + column])
                    let next = first + column + 1
                    let high = unsafe field[next] + share * (field[next + columns] - field[next])
                    let slope = (high - low) / Float(step)
                    let start = column * step
                    guard start < width else { break }
                    for x in 0..<min(step, width - start) { unsafe row[start + x] = low + slope * (Float(x) + 0.5) }
                }
            }
        }
    }
}

/// Buffers of one row, reused for all rows of a band.
struct RowScratch: ~Copyable {
    var clear: [Float]
    var overcast: [Float]
    var opacity: [Float]
    var ground: [Float]
    var sky: [Float]
    var lattice: [Float]

    init(width: Int) {
        let row = [Float](repeating: 0, count: width)
        (clear, overcast, opacity, ground, sky) = (row, row, row, row, row)
        lattice = row + [0, 0, 0, 0]
    }

    fileprivate borrowing func withRows(
        _ body: (
            UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>,
            UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>
        ) -> Void
    ) {
        unsafe clear.withUnsafeBufferPointer { clear in
            unsafe overcast.withUnsafeBufferPointer { overcast in
                unsafe opacity.withUnsafeBufferPointer { opacity in
                    unsafe ground.withUnsafeBufferPointer { ground in
                        unsafe sky.withUnsafeBufferPointer { sky in unsafe body(clear, overcast, opacity, ground, sky) }
                    }
                }
            }
        }
    }
}
