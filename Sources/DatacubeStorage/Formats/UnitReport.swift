/// How the files of one unit, such as a product or one resolution of a cube, compare with what lists them.
public struct UnitReport: Sendable {
    /// The unit's path.
    public let unit: String
    /// Files that are listed and not there.
    public let missing: [String]
    /// Files that are not as listed.
    public let changed: [String]
    /// Files that are not listed.
    public let extra: [String]
    /// Why the files could not be compared at all.
    public let reason: String?

    /// Whether what is there cannot even be opened, so that whoever made it would have to be told to give it up.
    public let isUnreadable: Bool

    /// Whether all files are as listed.
    public var isWhole: Bool { missing.isEmpty && changed.isEmpty && extra.isEmpty && reason == nil }

    init(_ unit: String, difference: InventoryDifference) {
        (self.unit, reason, isUnreadable) = (unit, nil, false)
        (missing, changed, extra) = (difference.missing, difference.changed, difference.extra)
    }

    /// The same, files of some names not being missed.
    func without(missing names: Set<String>) -> UnitReport {
        guard reason == nil else { return self }
        var difference = InventoryDifference()
        (difference.missing, difference.changed, difference.extra) = (
            missing.filter { !names.contains($0) }, changed, extra
        )
        return UnitReport(unit, difference: difference)
    }

    init(_ unit: String, reason: String, isUnreadable: Bool = false) {
        (self.unit, self.reason, self.isUnreadable) = (unit, reason, isUnreadable)
        (missing, changed, extra) = ([], [], [])
    }
}

/// Which files are compared with what lists them, and how.
struct UnitInspection: Sendable {
    let data: StoredTileYear
    let verification: FileVerification
    let executor: BlockingExecutor
    /// Called with the bytes of each file that was read.
    let onRead: @Sendable (_ bytes: Int) -> Void

    init(
        of data: StoredTileYear,
        by verification: FileVerification,
        on executor: BlockingExecutor,
        onRead: @escaping @Sendable (_ bytes: Int) -> Void = { _ in }
    ) {
        self.data = data
        self.verification = verification
        self.executor = executor
        self.onRead = onRead
    }

    /// The same, names and sizes only.
    var listing: UnitInspection { UnitInspection(of: data, by: .size, on: executor) }

    /// Compares a unit with its inventory; nil where there is nothing of the unit.
    func report(on place: InventoryPlace) async throws -> UnitReport? {
        let inventory: Inventory?
        do {
            inventory = try await executor.run { try place.read() }
        } catch let error as PipelineError {
            return UnitReport(place.description, reason: error.message)
        }
        guard let inventory else {
            let isThere = try await executor.run { try !place.files().isEmpty }
            return isThere ? UnitReport(place.description, reason: "it has no inventory, \(place.key)") : nil
        }
        let difference = try await place.difference(
            from: inventory,
            by: verification,
            on: executor,
            onRead: onRead
        )
        return UnitReport(place.description, difference: difference)
    }
}
