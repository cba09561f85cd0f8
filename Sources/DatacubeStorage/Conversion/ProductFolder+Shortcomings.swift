import Logging

extension ProductFolder {
    /// A line for each thing that keeps a conversion from being all that was asked for; what was not asked for is only
    /// told in the log.
    func shortcomings(of filter: TileYearFilter, _ log: Logger) -> [String] {
        for stranger in strangers { log.info("left aside: \(stranger)") }
        return (refusals + absences(of: filter)).map(\.description)
    }
}
