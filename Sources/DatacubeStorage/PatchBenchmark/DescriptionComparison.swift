/// In what the descriptions of two sources differ.
struct DescriptionComparison: Sendable {
    /// One difference, of as many dates as it was found in.
    private struct Difference: Sendable {
        let identifier: String
        let statement: Statement
        let expected: Statement
        var count = 1
    }

    /// A line for each thing that one source says differently in one place.
    let failures: [String]

    /// Compares what both say of the dates that both have; where a source is compared with itself, what it says twice.
    init(_ source: DescribedSource, with reference: DescribedSource) {
        let command = source.restoration.command
        failures = Self.differences(source.description, from: reference.description).map { difference in
            let (said, expected) = (difference.statement, difference.expected)
            let count = difference.count == 1 ? "" : " (so it is for \(difference.count) dates)"
            return "mismatch: \(source.name): \(said.subject) of \(difference.identifier) is \(said.value) in "
                + "\(said.origin), but \(expected.value) in \(reference.name) (\(expected.origin))\(count); "
                + "restore it with: \(command)"
        }
    }

    /// In the order in which they are found, date by date; one for all dates of which the same place says the same thing
    /// otherwise.
    private static func differences(
        _ description: UnitDescription,
        from reference: UnitDescription
    ) -> [Difference] {
        var found: [Difference] = []
        var numbers: [String: Int] = [:]
        for (identifier, statements) in description.dates.sorted(by: { $0.key < $1.key }) {
            let told = (reference.dates[identifier] ?? []).map { ($0.subject, $0) }
            let expected = Dictionary(told) { first, _ in first }
            for statement in statements {
                guard let other = expected[statement.subject], other.value != statement.value else { continue }
                if let number = numbers[statement.subject + statement.origin] {
                    found[number].count += 1
                } else {
                    numbers[statement.subject + statement.origin] = found.count
                    found.append(Difference(identifier: identifier, statement: statement, expected: other))
                }
            }
        }
        return found
    }
}
