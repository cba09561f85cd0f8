import DatacubeStorage
import Glibc

/// Rewrites a tile-year of the seed layout in many others, one after another, and compares random patch loads of each
/// with the seed's, load by load in turn: from local disk, and from S3 where there is a ``Gateway``.
@main
struct LayoutSweep {
    private let source: LocalStore
    private let path: String
    private let work: String
    private let raw: Double
    private let processors = BlockingExecutor(width: ProcessorCount.granted)
    private let gateway: Gateway?

    private static let (localLoads, remoteLoads) = (24, 12)

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4 else {
            return print("usage: layout-sweep ZARR-FOLDER TILE/YEAR EMPTY-FOLDER [PICTURE.svg [WORD-OF-A-CANDIDATE]]")
        }
        let sweep = try LayoutSweep(arguments[1], arguments[2], arguments[3])
        let candidates = Candidate.all.filter { arguments.count < 6 || $0.name.contains(arguments[5]) }
        let rows = try await sweep.run(candidates)
        if arguments.count >= 5 { try AtomicFile.write(Array(SweepChart(rows: rows).svg.utf8), to: arguments[4]) }
    }

    init(_ folder: String, _ path: String, _ work: String) throws {
        source = LocalStore(root: folder)
        self.path = path
        self.work = work
        gateway = try Gateway()
        raw = try Resolution.allCases.reduce(0) { [source] sum, resolution in
            let array = try ZarrArray.open(store: source, path: "\(path)/\(resolution.name)/data")
            return sum + Double(array.metadata.shape.reduce(2, *))
        }
    }

    /// Prints a line for each layout as soon as it is measured, the seed first.
    func run(_ candidates: [Candidate]) async throws -> [SweepRow] {
        print(SweepRow.header)
        let seed = try PatchLoads(source, path, on: processors)
        let remote = try await gateway?.copy(source, path, to: "sweep-seed")
        var rows: [SweepRow] = []
        for candidate in [Candidate.seed] + candidates {
            let target = candidate.isSeed ? source : LocalStore(root: "\(work)/candidate")
            let start = SystemClock.seconds()
            if !candidate.isSeed { try await Rewrite(source, target, path, candidate.chunking).run(on: processors) }
            let seconds = SystemClock.seconds() - start
            rows.append(try await measure(candidate, rows.count, target, seconds, beside: seed, remote))
            print(rows[rows.count - 1].markdown)
            fflush(nil)
            if !candidate.isSeed { try FileSystem.remove(target.root) }
        }
        return rows
    }

    private func measure(
        _ candidate: Candidate,
        _ number: Int,
        _ target: LocalStore,
        _ writeSeconds: Double,
        beside seed: PatchLoads,
        _ remoteSeed: PatchLoads?
    ) async throws -> SweepRow {
        let entries = try target.list(path + "/").filter { $0.key.contains("/data/c/") }
        let counted = CountingStore(base: target, rangeGap: 1 << 20)
        let counting = try PatchLoads(counted, path, on: processors)
        let loads = LayoutSweep.localLoads
        let local = try await compare(PatchLoads(target, path, on: processors), seed, loads, counting)
        var remote: SweepRow.Comparison?
        if let gateway, let remoteSeed {
            let copy = try await gateway.copy(target, path, to: "sweep-candidate")
            remote = try await compare(copy, remoteSeed, LayoutSweep.remoteLoads)
            try await gateway.remove("sweep-candidate")
        }
        let (requests, bytes) = counted.counts.value
        return SweepRow(
            number: number,
            name: candidate.name,
            share: Double(entries.reduce(0) { $0 + $1.size }) / raw,
            files: entries.count,
            writeSeconds: writeSeconds,
            local: local,
            remote: remote,
            requests: requests / (loads + 1),
            bytes: bytes / (loads + 1)
        )
    }

    /// Loads the same patches of both in turn, after one that does not count; `counting` loads them besides.
    private func compare(
        _ candidate: PatchLoads,
        _ seed: PatchLoads,
        _ loads: Int,
        _ counting: PatchLoads? = nil
    ) async throws -> SweepRow.Comparison {
        var random = SplitMix(state: 42)
        var (durations, ratios): ([Double], [Double]) = ([], [])
        for number in 0...loads {
            let (x, y) = (random.next(below: seed.places), random.next(below: seed.places))
            // What is compared is warm: this brings the files into the page cache.
            _ = try await (candidate.load(x: x, y: y), seed.load(x: x, y: y))
            let mine = try await candidate.load(x: x, y: y)
            let theirs = try await seed.load(x: x, y: y)
            guard candidate.checksum() == seed.checksum() else { fatalError("the pixels differ") }
            _ = try await counting?.load(x: x, y: y)
            guard number > 0 else { continue }
            durations.append(mine)
            ratios.append(theirs / mine)
        }
        return SweepRow.Comparison(seconds: median(durations), ratio: median(ratios))
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
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
