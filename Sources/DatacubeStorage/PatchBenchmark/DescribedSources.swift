import Logging

/// A source, and what its data say of themselves.
struct DescribedSource: Sendable {
    let placed: PlacedSource
    let description: UnitDescription
    /// How its data are brought to what they should be.
    let restoration: FileRestoration

    var name: String { placed.name }
    var place: PatchSelection.Place { placed.place }
    var source: any PatchSource { placed.source }
}

/// The sources of a verification, opened and described; the first is what the others are compared with.
struct DescribedSources: Sendable {
    let tileYear: TileYear
    let all: [DescribedSource]
    /// A line for each place whose data contradict themselves, so that they cannot be opened.
    let refusals: [String]

    /// Opens all places; data as delivered come first, since the others are made of them.
    ///
    /// - Throws: ``PipelineError`` where a place has nothing of the tile-year, or the first cannot be read.
    static func open(
        _ selection: PatchSelection,
        indices: IndexUse,
        on threads: PatchThreads,
        log: Logger
    ) async throws -> DescribedSources {
        let tileYear = try await threads.processors.run { try TileYearSearch.find(selection) }
        let delivered = selection.places.filter { $0.format.origin == .intake }
        let made = selection.places.filter { $0.format.origin != .intake }
        var (all, refusals): ([DescribedSource], [String]) = ([], [])
        for place in delivered + made {
            do {
                let data = StoredTileYear(tileYear, in: place.store, resolutions: selection.resolutions)
                let placed = try await PlacedSource.open(data, place, indices: indices, on: threads, log: log)
                all.append(try await describe(placed, of: tileYear, on: threads))
            } catch let error as PipelineError where !all.isEmpty && contradictions.contains(error.code) {
                let restoration = await FileRestoration.find(
                    place,
                    of: tileYear,
                    on: threads.executor(for: place.store)
                )
                refusals.append("\(error.within(place.name)); restore it with: \(restoration.command)")
            }
        }
        return DescribedSources(tileYear: tileYear, all: all, refusals: refusals)
    }

    // What damaged or altered data are met with; everything else is no finding about data.
    private static let contradictions: Set<PipelineError.Code> = [.mismatch, .corrupt, .unsupported]

    private static func describe(
        _ placed: PlacedSource,
        of tileYear: TileYear,
        on threads: PatchThreads
    ) async throws -> DescribedSource {
        let executor = threads.executor(for: placed.place.store)
        return DescribedSource(
            placed: placed,
            description: try await placed.source.description(on: executor),
            restoration: await FileRestoration.find(placed.place, of: tileYear, on: executor)
        )
    }

    /// Looks at all bytes of products of which other sources hold an earlier processing only.
    ///
    /// Had they been whole, the earlier one would have been replaced. What is damaged is left out, and the earlier
    /// processing used where it is still there. `whole` are products of each source that have been looked at already.
    func withoutDamaged(
        on threads: PatchThreads,
        log: Logger,
        whole: [Int: Set<String>] = [:]
    ) async throws -> DescribedSources {
        var (all, whole, isChanged) = (all, whole, false)
        for (number, described) in all.enumerated() {
            let suspects = suspects(of: number).subtracting(whole[number] ?? [])
            guard !suspects.isEmpty else { continue }
            log.info("\(described.name): other sources hold earlier processings than \(suspects.count) of its products")
            let executor = threads.executor(for: described.place.store)
            let damaged = try await described.source.damage(among: suspects, on: executor)
            whole[number, default: []].formUnion(suspects.subtracting(damaged.keys))
            guard !damaged.isEmpty else { continue }
            let rest = try await described.source.without(damaged, on: executor, log: log)
            let placed = PlacedSource(place: described.place, source: rest)
            all[number] = try await Self.describe(placed, of: tileYear, on: threads)
            isChanged = true
        }
        let settled = DescribedSources(tileYear: tileYear, all: all, refusals: refusals)
        // What takes the place of a damaged product may be damaged too.
        return isChanged ? try await settled.withoutDamaged(on: threads, log: log, whole: whole) : settled
    }

    private func suspects(of source: Int) -> Set<String> {
        let suspects = acquisitions.compactMap { acquisition -> String? in
            guard let latest = acquisition.latest(in: source) else { return nil }
            let others = all.indices.filter { $0 != source }.compactMap { acquisition.latest(in: $0) }
            return others.contains { latest.isLater(than: $0) } ? latest.identifier : nil
        }
        return Set(suspects)
    }

    /// What the sources hold, by acquisition.
    var acquisitions: [HeldAcquisition] { HeldAcquisition.all(in: all.map(\.description.products)) }
}
