import DatacubeStorage
import Glibc

/// Rewrites a tile-year of the seed layout in many others, one after another, and compares random patch loads of each
/// with the seed's, load by load in turn.
@main
struct LayoutSweep {
    static let loads = 24

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4 else {
            return print("usage: layout-sweep ZARR-FOLDER TILE/YEAR EMPTY-FOLDER [WORD-OF-A-CANDIDATE]")
        }
        // Each line at once, as it is measured.
        setlinebuf(stdout)
        let executor = BlockingExecutor(width: ProcessorCount.granted(environment: [:]))
        let source = LocalStore(root: arguments[1])
        let seed = try PatchLoads(source, arguments[2], on: executor)
        let size = try bytes(source, arguments[2])
        print("| layout | of raw | files | write s | warm ms | × seed | S3 requests | S3 MB |")
        print("| :-- | --: | --: | --: | --: | --: | --: | --: |")
        let raw = try rawBytes(source, arguments[2])
        print("| \(Candidate.seed.name) | \((Double(size.bytes) / raw).fixed(3)) | \(size.files) | | | 1 | | |")
        for candidate in Candidate.all where arguments.count < 5 || candidate.name.contains(arguments[4]) {
            let target = LocalStore(root: "\(arguments[3])/candidate")
            let start = Clock.seconds()
            try await Rewrite(source, target, arguments[2], candidate.chunking).run(on: executor)
            let seconds = Clock.seconds() - start
            let (files, bytes) = try bytes(target, arguments[2])
            let loads = try await compare(seed, target, arguments[2], on: executor)
            print(
                "| \(candidate.name) | \((Double(bytes) / raw).fixed(3)) | \(files) | \(seconds.fixed(1)) "
                    + "| \((loads.median * 1000).fixed(1)) | \(loads.ratio.fixed(2)) "
                    + "| \(loads.requests) | \((Double(loads.bytes) / 1e6).fixed(1)) |"
            )
            try FileSystem.remove("\(arguments[3])/candidate")
        }
    }

    private static func compare(
        _ seed: PatchLoads,
        _ target: LocalStore,
        _ path: String,
        on executor: BlockingExecutor
    ) async throws -> (median: Double, ratio: Double, requests: Int, bytes: Int) {
        let candidate = try PatchLoads(target, path, on: executor)
        let counted = CountingStore(base: target, rangeGap: 1 << 20)
        let remote = try PatchLoads(counted, path, on: executor)
        var random = SplitMix(state: 42)
        var (durations, ratios): ([Double], [Double]) = ([], [])
        for number in 0...loads {
            let (x, y) = (random.next(below: seed.places), random.next(below: seed.places))
            if number == 0 { _ = try await (candidate.load(x: x, y: y), seed.load(x: x, y: y)) }
            let mine = try await candidate.load(x: x, y: y)
            let theirs = try await seed.load(x: x, y: y)
            guard candidate.checksum() == seed.checksum() else { fatalError("the pixels differ") }
            if number > 0 {
                durations.append(mine)
                ratios.append(theirs / mine)
            }
            _ = try await remote.load(x: x, y: y)
        }
        let (requests, bytes) = counted.counts.value
        return (median(durations), median(ratios), requests / (loads + 1), bytes / (loads + 1))
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func bytes(_ store: LocalStore, _ path: String) throws -> (files: Int, bytes: Int) {
        let entries = try store.list(path + "/").filter { $0.key.contains("/data/c/") }
        return (entries.count, entries.reduce(0) { $0 + $1.size })
    }

    private static func rawBytes(_ store: LocalStore, _ path: String) throws -> Double {
        try Resolution.allCases.reduce(0) { sum, resolution in
            let array = try ZarrArray.open(store: store, path: "\(path)/\(resolution.name)/data")
            return sum + Double(array.metadata.shape.reduce(2, *))
        }
    }
}

/// Steele, Lea and Flood's generator, so that every run has the same patches.
struct SplitMix {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ z >> 31) % UInt64(bound))
    }
}
