import DatacubeStorage

/// Times the parts that patch loads, copies and conversions are made of, one thread each, so that a regression shows
/// where it happened.
@main
struct Micro {
    static func main() async throws {
        let groups: [(String, () async throws -> [Measurement])] = [
            ("codec", CodecCases.measure), ("assembly", AssemblyCases.measure), ("hash", HashCases.measure),
            ("listing", ListingCases.measure), ("handout", HandOutCases.measure),
        ]
        let names = groups.map(\.0)
        let wanted = CommandLine.arguments.count > 1 ? Array(CommandLine.arguments.dropFirst()) : names
        guard wanted.allSatisfy(names.contains) else { return print("usage: micro [\(names.joined(separator: " "))]") }
        print("| part | median | least | throughput |\n|:--|--:|--:|--:|")
        for (name, measure) in groups where wanted.contains(name) {
            for measurement in try await measure() { print(measurement.row) }
        }
    }
}
