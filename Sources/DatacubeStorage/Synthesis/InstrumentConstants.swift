/// Figures of the two instruments as real products state them.
struct InstrumentConstants: Sendable {
    /// One band's wavelengths in nanometres.
    struct Wavelength: Sendable {
        let minimum: Int
        let maximum: Int
        let central: Double
    }

    let wavelengths: [Wavelength]
    /// W/m²/µm.
    let solarIrradiance: [Double]
    let physicalGains: [Double]

    static func of(_ spacecraft: Spacecraft) -> InstrumentConstants { spacecraft == .s2a ? s2a : s2b }

    private init(_ wavelengths: [(Int, Int, Double)], solarIrradiance: [Double], physicalGains: [Double]) {
        self.wavelengths = wavelengths.map { Wavelength(minimum: $0.0, maximum: $0.1, central: $0.2) }
        self.solarIrradiance = solarIrradiance
        self.physicalGains = physicalGains
    }

    private static let s2a = InstrumentConstants(
        [
            (412, 456, 442.7), (456, 533, 492.7), (538, 583, 559.8), (646, 684, 664.6), (695, 714, 704.1),
            (731, 749, 740.5), (769, 797, 782.8), (760, 907, 832.8), (837, 881, 864.7), (932, 958, 945.1),
            (1337, 1412, 1373.5), (1539, 1682, 1613.7), (2078, 2320, 2202.4),
        ],
        solarIrradiance: [
            1884.69, 1959.66, 1823.24, 1512.06, 1424.64, 1287.61, 1162.08, 1041.63, 955.32, 812.92, 367.15, 245.59,
            85.25,
        ],
        physicalGains: [
            4.10503249, 3.75137843, 4.17677739, 4.50915152, 5.19262719, 4.85730993, 4.52067954, 6.14136537, 5.11991145,
            8.50205872, 55.0558888, 35.29882432, 106.15880159,
        ]
    )

    private static let s2b = InstrumentConstants(
        [
            (411, 456, 442.3), (456, 532, 492.3), (536, 582, 558.9), (646, 685, 664.9), (694, 714, 703.8),
            (730, 748, 739.1), (766, 794, 779.7), (774, 907, 832.9), (848, 880, 864.0), (930, 957, 943.2),
            (1338, 1415, 1376.9), (1538, 1679, 1610.4), (2065, 2303, 2185.7),
        ],
        solarIrradiance: [
            1874.3, 1959.75, 1824.93, 1512.79, 1425.78, 1291.13, 1175.57, 1041.28, 953.93, 817.58, 365.41, 247.08,
            87.75,
        ],
        physicalGains: [
            3.97083659, 3.76541659, 4.20213232, 4.53149134, 5.11556109, 4.80119249, 4.4962465, 6.14136537, 5.11991145,
            8.1966216, 57.4268201, 36.2011895, 104.8241523,
        ]
    )
}
