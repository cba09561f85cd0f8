import DatacubeStorage

/// What was measured of one layout.
struct SweepRow {
    let number: Int
    let name: String
    /// Stored bytes by bytes of pixels.
    let share: Double
    let files: Int
    let writeSeconds: Double
    let local: Comparison
    /// Absent without a server.
    let remote: Comparison?
    /// Of a load from S3.
    let requests: Int
    let bytes: Int

    /// Loads of a layout beside those of the seed layout, patch by patch.
    struct Comparison {
        let seconds: Double
        /// The seed's time by the layout's, median of the pairs.
        let ratio: Double
    }

    static let header = """
        | | layout | of raw | files | write s | warm ms | × seed | S3 ms | × seed | S3 requests | S3 MB |
        | --: | :-- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
        """

    var markdown: String {
        let cells =
            ["\(number)", name, share.fixed(3), "\(files)", writeSeconds.fixed(1)] + SweepRow.cells(local)
            + SweepRow.cells(remote) + ["\(requests)", (Double(bytes) / 1e6).fixed(1)]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private static func cells(_ comparison: Comparison?) -> [String] {
        guard let comparison else { return ["", ""] }
        return [(comparison.seconds * 1000).fixed(1), comparison.ratio.fixed(2)]
    }
}
