/// Central wavelengths of one resolution's bands, which differ by a few nanometres between satellites.
///
/// A cube records those of its first date, so that they do not depend on which products are still at hand.
struct BandWavelengths: Sendable, Equatable {
    /// The satellite that they are of.
    let platform: String
    /// Nanometres, NaN where unknown; empty where none is known.
    let central: [Double]

    /// Takes them from a product.
    init(of metadata: ProductMetadata, _ resolution: Resolution) {
        platform = metadata.platform
        let known = metadata.wavelengths
        central = known.isEmpty ? [] : resolution.bands.map { known[$0]?.central ?? .nan }
    }

    /// Takes them from a cube.
    init(of cube: Cube) throws {
        platform = cube.steps.first?.platform ?? ""
        central = cube.group.arrays["wavelength"] == nil ? [] : try cube.group.array("wavelength").readAll(Double.self)
    }
}
