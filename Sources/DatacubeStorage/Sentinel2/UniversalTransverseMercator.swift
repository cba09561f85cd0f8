import Glibc

/// A place on WGS 84, in degrees.
struct GeographicPoint: Sendable, Equatable {
    var latitude: Double
    var longitude: Double
}

/// From UTM to geographic coordinates, by the Krüger series to the third order: millimetres within a zone.
enum UniversalTransverseMercator {
    private static let flattening = 1 / 298.257223563
    private static let n = flattening / (2 - flattening)
    private static let radius = 6_378_137 / (1 + n) * (1 + n * n / 4 + n * n * n * n / 64)
    private static let beta = [
        n / 2 - 2 * n * n / 3 + 37 * n * n * n / 96, n * n / 48 + n * n * n / 15, 17 * n * n * n / 480,
    ]
    private static let delta = [
        2 * n - 2 * n * n / 3 - 2 * n * n * n, 7 * n * n / 3 - 8 * n * n * n / 5, 56 * n * n * n / 15,
    ]

    static func geographic(east: Double, north: Double, zone: Int, isNorthern: Bool) -> GeographicPoint {
        let xi = (north - (isNorthern ? 0 : 10_000_000)) / (0.9996 * radius)
        let eta = (east - 500_000) / (0.9996 * radius)
        var (x, y) = (xi, eta)
        for (index, factor) in beta.enumerated() {
            let order = Double(2 * (index + 1))
            x -= factor * sin(order * xi) * cosh(order * eta)
            y -= factor * cos(order * xi) * sinh(order * eta)
        }
        let chi = asin(sin(x) / cosh(y))
        var latitude = chi
        for (index, factor) in delta.enumerated() { latitude += factor * sin(Double(2 * (index + 1)) * chi) }
        let longitude = Double(6 * zone - 183) + atan2(sinh(y), cos(x)) * 180 / .pi
        return GeographicPoint(latitude: latitude * 180 / .pi, longitude: longitude)
    }
}

extension MGRSTile {
    /// The place of a point of the tile, in shares of its size: (0, 0) is the upper left corner.
    func geographic(x: Double, y: Double, metres: Double) -> GeographicPoint {
        UniversalTransverseMercator.geographic(
            east: Double(west) + x * metres,
            north: Double(north) - y * metres,
            zone: zone,
            isNorthern: isNorthern
        )
    }
}
