import Glibc
import Logging

@testable import DatacubeStorage

/// The files that mutations begin with: products of `s2-synth` and what is made of them, texts that are written here,
/// and real files where `FUZZ_FIXTURES` names a folder of them.
///
///     <folder>/files/…             as the tools make them
///     <folder>/corpus/<parser>/…   those of its kind
struct Seeds {
    let folder: String
    private static let log = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
    // A mutation of more takes too long to be read.
    private static let mostBytes = 150_000
    private var files: String { folder + "/files" }

    func make() throws {
        guard !folder.isEmpty else { throw PipelineError(.configuration, "name a folder in FUZZ_SEEDS") }
        try FileSystem.remove(folder)
        try FileSystem.createDirectories(files)
        try blocking { [self] in try await makeProducts() }
        try makePackets()
        try makeShortDocuments()
        for (name, bytes) in try Parser.chunks() { try write(bytes, to: "chunk/\(name)") }
        for (name, text) in Self.texts { try write(Array(text.utf8), to: name) }
        var paths = try Self.paths(below: files)
        let fixtures = variable("FUZZ_FIXTURES")
        if !fixtures.isEmpty, try FileSystem.exists(fixtures) { paths += try Self.paths(below: fixtures) }
        for parser in Parser.all { try distribute(paths.filter(parser.takes), to: parser) }
    }

    private func distribute(_ paths: [String], to parser: Parser) throws {
        let corpus = "\(folder)/corpus/\(parser.name)"
        try FileSystem.createDirectories(corpus)
        for (number, path) in paths.enumerated() {
            guard let status = try FileSystem.status(path), status.size <= Self.mostBytes else { continue }
            try AtomicFile.write(FileSystem.contents(of: path), to: "\(corpus)/\(number)", durability: .deferred)
        }
    }

    private func makeProducts() async throws {
        let options = RunOptions(jobs: 2)
        let synthesis = SynthesisJob.Settings(
            output: files + "/safe",
            tiles: ["35VLH"],
            year: 2024,
            dates: 2,
            extent: 96,
            options: options
        )
        _ = try await SynthesisJob(synthesis, log: Self.log).run()
        let cogs = COGConversionJob.Settings(
            source: files + "/safe",
            target: LocalStore(root: files + "/cog"),
            writer: COGWriter(threads: 1),
            options: options
        )
        _ = try await COGConversionJob(cogs, log: Self.log).run()
        let small = CubeSchema.Chunking(dates: 2, pixels: 64)
        let shards = CubeSchema.Chunking(
            shards: [.r10: 64, .r20: 32, .r60: 16],
            dates: 2,
            of: .init(dates: 2, pixels: 16)
        )
        for (format, chunking) in [(DataFormat.zarr, small), (.shardzarr, shards), (.zipzarr, small)] {
            let settings = ZarrConversionJob.Settings(
                source: files + "/safe",
                target: LocalStore(root: "\(files)/\(format.name)"),
                format: format,
                chunking: chunking,
                options: options
            )
            _ = try await ZarrConversionJob(settings, log: Self.log).run()
        }
        try await makeResults(options)
    }

    private func makeResults(_ options: RunOptions) async throws {
        let places = [DataFormat.cog, .zarr].map {
            PatchSelection.Place(storage: .network, format: $0, store: LocalStore(root: "\(files)/\($0.name)"))
        }
        let settings = BenchmarkJob.Settings(
            selection: PatchSelection(places: places),
            output: .file(files + "/results.json"),
            patchSize: 480,
            stop: StopRule(rounds: 2),
            threads: 1,
            options: options
        )
        _ = try await BenchmarkJob(settings, log: Self.log).run()
    }

    /// Documents without the long lists that most mutations would meet, and an archive of small files.
    private func makeShortDocuments() throws {
        for (number, path) in try Self.paths(below: files + "/safe").filter({ $0.hasSuffix("MTD_TL.xml") }).enumerated()
        {
            let lines = try FileSystem.contents(of: path).split(separator: UInt8(ascii: "\n"))
            let short = lines.filter { $0.firstRange(of: Array("<VALUES>".utf8)) == nil }
            try write(Array(short.joined(separator: [UInt8(ascii: "\n")])), to: "short-\(number)-MTD_TL.xml")
        }
        let store = MemoryStore()
        for name in ["a/zarr.json", "a/c/0/0", "b"] {
            try store.put(name, Array(name.utf8), durability: .deferred)
        }
        let (keys, path) = (try store.list("").map(\.key), files + "/small.zip")
        try blocking { try await ZipWriter.write(keys, of: store, to: path, on: BlockingExecutor(width: 1)) }
    }

    /// The packets of a band behind what the parser of packets takes for a header.
    private func makePackets() throws {
        for path in try Self.paths(below: files + "/safe") where path.hasSuffix("_B02.jp2") {
            let image = try JPEG2000Image(file: path)
            guard let part = image.index.parts.first?.first else { continue }
            let bytes = try FileSystem.contents(of: path)[part]
            let start = bytes.firstRange(of: [0xFF, 0x93])?.upperBound ?? part.lowerBound
            let head: [UInt8] = [4, 4 | 4 << 2, UInt8(image.width - 1), UInt8(image.height - 1), 7 | 7 << 3, 14]
            try write(head + bytes[start...], to: "\(FileSystem.name(of: path)).packets")
        }
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        let path = "\(files)/\(name)"
        try FileSystem.createDirectories(FileSystem.parent(of: path))
        try AtomicFile.write(bytes, to: path, durability: .deferred)
    }

    private static func paths(below folder: String) throws -> [String] {
        try FileSystem.list(folder).flatMap { name in
            let path = FileSystem.join(folder, name)
            return try FileSystem.linkStatus(path)?.kind == .directory ? paths(below: path) : [path]
        }
    }
}

extension Seeds {
    private static let products = Result { () throws -> [SAFEProduct] in
        try ProductFolder(root: variable("FUZZ_SEEDS") + "/files/safe").products.values.flatMap { $0 }
    }

    /// A product of the seeds.
    static func product() throws -> SAFEProduct { try products.get()[0] }

    private static let cubeFiles = Result { () throws -> [(String, [UInt8])] in
        let folder = variable("FUZZ_SEEDS") + "/files/zarr/35VLH/2024/60m/"
        return try paths(below: folder).map { (String($0.dropFirst(folder.count)), try FileSystem.contents(of: $0)) }
    }

    /// A cube of the seeds, in memory.
    static func cube() throws -> MemoryStore {
        let store = MemoryStore()
        for (key, bytes) in try cubeFiles.get() { try store.put(key, bytes, durability: .deferred) }
        return store
    }
}
