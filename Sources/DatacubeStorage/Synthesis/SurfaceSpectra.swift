/// Top-of-atmosphere reflectance times 10000 of what covers the ground, for the thirteen bands in their order.
///
/// Round values as they appear in products over Finland and France.
enum SurfaceSpectra {
    static let water: [Float] = [1300, 1000, 750, 500, 450, 400, 380, 330, 300, 100, 12, 120, 80]
    static let forest: [Float] = [1250, 950, 800, 550, 900, 1900, 2300, 2250, 2500, 700, 15, 1250, 600]
    static let crop: [Float] = [1350, 1080, 1050, 800, 1300, 2900, 3600, 3500, 3800, 1100, 15, 2000, 1100]
    static let soil: [Float] = [1500, 1350, 1400, 1600, 1850, 2050, 2200, 2250, 2450, 800, 20, 3000, 2300]
    static let snow: [Float] = [7000, 7200, 7000, 7100, 7000, 6800, 6600, 6500, 6300, 2500, 60, 1100, 800]
    static let cloud: [Float] = [5600, 5700, 5500, 5700, 5800, 5900, 6000, 6000, 6100, 3200, 600, 4200, 3300]
}
