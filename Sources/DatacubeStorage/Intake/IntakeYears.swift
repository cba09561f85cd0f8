/// What an intake holds of each year that it works on: the lock, which array tasks on other years of the tile do not
/// need, and the record of finished days.
struct IntakeYears: Sendable {
    private let locks: [Int: TargetLock]
    private let finished: [Int: FinishedDays]

    /// Takes the locks; none for a dry run.
    ///
    /// - Throws: `locked` naming the owner.
    static func take(_ settings: IntakeJob.Settings) async throws -> IntakeYears {
        let (tile, target) = (settings.tile.name, settings.target)
        var locks: [Int: TargetLock] = [:]
        var finished: [Int: FinishedDays] = [:]
        if !settings.options.dryRun { try FileSystem.createDirectories(target) }
        // In one order, so that no two runs wait for each other.
        for year in settings.period.years {
            if !settings.options.dryRun {
                let path = FileSystem.join(target, ".intake-\(tile)-\(year).lock")
                locks[year] = try await .take(path: path, keepsWork: true)
            }
            finished[year] = try FinishedDays(tile, year: year, below: target)
        }
        return IntakeYears(locks: locks, finished: finished)
    }

    /// Gives the locks back.
    func release() { locks.values.forEach { $0.release() } }

    /// Where a product is gathered; nil for a dry run.
    ///
    /// - Throws: `mismatch` for a product of a year that was not asked for.
    func partial(_ name: ProductName, of target: String) throws -> PartialProduct? {
        guard !locks.isEmpty else { return nil }
        guard let lock = locks[name.year] else {
            throw PipelineError(.mismatch, "the catalogue gives a product of \(name.year), which was not asked for")
        }
        return PartialProduct(of: target, lock)
    }

    /// The keys of a finished day's products; nil for a day that is not finished.
    func products(on day: CatalogueInterval) throws -> [String]? { finished[day.year]?.products(on: day) }

    /// Notes that the products of a day, by their keys, are all there.
    func finish(_ day: CatalogueInterval, products: [String]) throws {
        guard let lock = locks[day.year] else { return }
        try finished[day.year]?.finish(day, products: products, under: lock)
    }
}

extension IntakeJob.Period {
    /// The UTC years that it touches, earliest first.
    fileprivate var years: [Int] {
        switch self {
        case .years(let years): return Array(years)
        case .interval(let interval):
            let last = Timestamp(milliseconds: interval.end.milliseconds - 1)
            return Array(interval.year...last.year)
        }
    }
}

extension CatalogueInterval {
    /// The UTC year in which it begins.
    fileprivate var year: Int { start.year }
}

extension Timestamp {
    fileprivate var year: Int { Int(description.prefix(4)) ?? 0 }
}
