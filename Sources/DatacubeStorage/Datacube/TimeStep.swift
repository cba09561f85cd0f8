/// What a datacube records about one date besides its pixels.
public struct TimeStep: Sendable, Equatable {
    /// The product's name without `.SAFE`.
    public var productIdentifier = ""
    /// Sensing start of the datatake, milliseconds since 1970.
    public var time: Int64 = 0
    /// Sensing time of the granule, milliseconds since 1970.
    public var granuleSensingTime: Int64 = 0
    /// `05.10`.
    public var processingBaseline = ""
    /// `Sentinel-2A`.
    public var platform = ""
    /// `DESCENDING` or `ASCENDING`.
    public var orbitDirection = ""
    /// 1 to 143.
    public var relativeOrbit: Int32 = 0
    /// −1 where the metadata do not say.
    public var absoluteOrbit: Int32 = -1
    /// Percent.
    public var cloudCover = 0.0
    /// DN divided by this, after the add offset, is the reflectance.
    public var quantificationValue = 0.0
    /// Degrees.
    public var sunZenith = 0.0
    /// Degrees.
    public var sunAzimuth = 0.0
    /// DN to add, for each band of the resolution.
    public var radiometricAddOffset: [Int32] = []
    /// Degrees, for each band of the resolution; NaN where the metadata do not say.
    public var viewZenith: [Double] = []
    /// Degrees, likewise.
    public var viewAzimuth: [Double] = []

    init() {}

    /// Takes a product's metadata, for the bands of one resolution.
    public init(_ product: DescribedProduct, resolution: Resolution) {
        self.init(product.identifier, metadata: product.metadata, tile: product.tile, resolution: resolution)
    }

    /// Takes the content of a product's two metadata files, for the bands of one resolution.
    init(_ identifier: String, metadata: ProductMetadata, tile: TileMetadata, resolution: Resolution) {
        productIdentifier = identifier
        time = metadata.startTime.milliseconds
        granuleSensingTime = tile.sensingTime.milliseconds
        processingBaseline = metadata.processingBaseline
        platform = metadata.platform
        orbitDirection = metadata.orbitDirection
        relativeOrbit = Int32(clamping: metadata.relativeOrbit)
        absoluteOrbit = metadata.absoluteOrbit.map { Int32(clamping: $0) } ?? -1
        cloudCover = metadata.cloudCover
        quantificationValue = metadata.quantificationValue
        sunZenith = tile.meanSunAngles.zenith
        sunAzimuth = tile.meanSunAngles.azimuth
        radiometricAddOffset = resolution.bands.map { Int32(clamping: metadata.radiometricOffsets[$0.rawValue]) }
        viewZenith = resolution.bands.map { tile.meanViewAngles[$0]?.zenith ?? .nan }
        viewAzimuth = resolution.bands.map { tile.meanViewAngles[$0]?.azimuth ?? .nan }
    }

    /// Makes the times ascending and unique, as the `time` coordinate must be.
    ///
    /// Products cut at a datastrip's border share the start of their datatake; each later one gets the next free
    /// millisecond. Their granule sensing times, which do differ, are kept as they are.
    public static func separatingEqualTimes(_ steps: [TimeStep]) -> [TimeStep] {
        var separated = steps
        for index in separated.indices.dropFirst() {
            separated[index].time = max(separated[index].time, separated[index - 1].time + 1)
        }
        return separated
    }

    /// Gives times back what ``separatingEqualTimes(_:)`` added: each date has the start of its datatake.
    ///
    /// A time one millisecond after another is of the same datatake, as no two datatakes of a tile are that close.
    static func joiningSeparatedTimes(_ steps: [TimeStep]) -> [TimeStep] {
        var joined = steps
        for index in joined.indices.dropFirst() where steps[index].time == steps[index - 1].time + 1 {
            joined[index].time = joined[index - 1].time
        }
        return joined
    }
}
