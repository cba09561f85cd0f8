import TestSupport
import Testing

@testable import DatacubeStorage

/// What data say of themselves besides pixels is compared too.
@Suite struct VerifiedMetadataTests {
    private func verify(_ places: [PatchSelection.Place]) async throws -> JobOutcome {
        let settings = VerificationJob.Settings(
            selection: PatchSelection(places: places),
            options: RunOptions(jobs: 2)
        )
        return try await VerificationJob(settings, log: .silent).run()
    }

    private func places(_ formats: [DataFormat], below directory: String) async throws -> [PatchSelection.Place] {
        let all = try await BenchmarkArchive.selection(below: directory).places
        return formats.compactMap { format in all.first { $0.format == format } }
    }

    /// A copy on S3 of what is in folders.
    private func onS3(_ places: [PatchSelection.Place], _ server: SmallS3Server) throws -> [PatchSelection.Place] {
        let bucket = try testClient(server.url).bucket("bucket")
        return try places.map { place in
            let store = S3Store(bucket: bucket, prefix: place.format.name)
            for object in try place.store.list("") {
                let content = try #require(try place.store.get(object.key, limit: .max))
                try store.put(object.key, content, durability: .synchronized)
            }
            return PatchSelection.Place(storage: .s3, format: place.format, store: store)
        }
    }

    @Test(arguments: Alteration.all) func whatIsSaidOtherwiseIsNamed(_ alteration: Alteration) async throws {
        try await withTemporaryDirectory { directory in
            let other: DataFormat = alteration.format == .cog ? .zarr : .cog
            let places = try await places([.safe, other, alteration.format], below: directory)
            let product = try await SyntheticArchive.products()[1].name
            try alteration.apply("\(places[2].store)", product)
            let outcome = try await verify(places)
            #expect(outcome.status == .partial && outcome.finished == 1, "\(outcome)")
            #expect(!outcome.failures.isEmpty)
            let tileYear = SyntheticArchive.tileYear
            let command = await FileRestoration.find(places[2], of: tileYear, on: BlockingExecutor(width: 1)).command
            let common = ["network \(alteration.format): ", "_T35VLH_", "network safe", command]
            let isNamed = outcome.failures.contains { line in (common + alteration.words).allSatisfy(line.contains) }
            #expect(isNamed, "\(outcome.failures)")
            #expect(outcome.failures.allSatisfy { line in common.allSatisfy(line.contains) }, "\(outcome.failures)")
        }
    }

    /// The same on S3, where one alteration of each format is told of the bucket that has it.
    @Test func bucketsAreComparedLikeFolders() async throws {
        try await withTemporaryDirectory { directory in
            let server = try SmallS3Server()
            let local = try await places(DataFormat.allCases, below: directory)
            let whole = try onS3(local, server)
            #expect(try await verify([local[0]] + whole) == JobOutcome(finished: DataFormat.allCases.count))
            let product = try await SyntheticArchive.products()[1].name
            for place in local {
                let alteration = Alteration.all.first { $0.format == place.format }
                try alteration?.apply("\(place.store)", product)
            }
            let altered = try onS3(local.filter { [.cog, .zarr, .shardzarr].contains($0.format) }, server)
            let outcome = try await verify([whole[0]] + altered)
            #expect(outcome.finished == 0 && outcome.status == .partial, "\(outcome)")
            for format in ["cog", "zarr", "shardzarr"] {
                #expect(outcome.failures.contains { $0.contains("s3 \(format): ") }, "\(format): \(outcome.failures)")
            }
            #expect(outcome.failures.allSatisfy { $0.contains("s3-mirror --formats") }, "\(outcome.failures)")
        }
    }

    /// The order of the places does not decide what is right, as long as there is what all is made of.
    @Test func productsAsDeliveredAreRightWhereverTheyStand() async throws {
        try await withTemporaryDirectory { directory in
            let places = try await places([.zarr, .cog, .safe], below: directory)
            try await Alteration.all[0].apply("\(places[0].store)", SyntheticArchive.products()[1].name)
            let outcome = try await verify(places)
            #expect(outcome.finished == 1 && outcome.failures.count == 1, "\(outcome)")
            #expect(outcome.failures.first?.hasPrefix("mismatch: network zarr: ") == true, "\(outcome.failures)")
        }
    }

    /// Without them the first place is, and what it says twice must agree.
    @Test func formatsAreComparedWithTheFirst() async throws {
        try await withTemporaryDirectory { directory in
            let places = try await places([.zarr, .cog, .shardzarr, .zipzarr], below: directory)
            #expect(try await verify(places) == JobOutcome(finished: 3))
            let product = try await SyntheticArchive.products()[1].name
            let beside = try #require(Alteration.all.first { $0.format == .cog })
            try beside.apply("\(places[1].store)", product)
            let outcome = try await verify(places)
            #expect(outcome.finished == 2 && outcome.failures.count == 1, "\(outcome)")
            #expect(outcome.failures.first?.contains("but 05.10 in network zarr (10m/processing_baseline)") == true)
            let twice = try #require(Alteration.all.first { $0.testDescription.contains("EPSG:32636") })
            try twice.apply("\(places[0].store)", product)
            let lines = try await verify(places).failures.filter { $0.contains("EPSG:32636") }
            #expect(lines.count == 1 && lines.first?.contains("network zarr: CRS at 10m") == true, "\(lines)")
        }
    }

    /// The inventory tells of the same file, and the command that is named makes it good.
    @Test func theNamedCommandRestoresWhatIsSaid() async throws {
        try await withTemporaryDirectory { directory in
            let places = try await places([.safe, .zarr], below: directory)
            try await Alteration.all[0].apply("\(places[1].store)", SyntheticArchive.products()[1].name)
            #expect(try await verify(places).failures.count == 1)
            let settings = VerificationJob.Settings(
                selection: PatchSelection(places: [places[1]]),
                options: RunOptions(jobs: 2)
            )
            let files = try await FileCheckJob(settings, log: .silent).run()
            #expect(files.finished == 2 && files.failures.count == 1, "\(files)")
            #expect(files.failures.first?.contains("/10m/x/c/0 is not as listed") == true, "\(files)")
            let outcome = try await Converter.zarr.run(
                from: "\(places[0].store)",
                to: "\(places[1].store)",
                verification: .checksum
            )
            #expect(outcome.failures == [])
            #expect(try await verify(places) == JobOutcome(finished: 1))
        }
    }

    /// What cannot be opened at all is a finding too, and the others are compared.
    @Test func aSourceThatContradictsItselfIsNamed() async throws {
        try await withTemporaryDirectory { directory in
            let places = try await places([.safe, .cog, .zarr], below: directory)
            let array = try #require(try Cube.open(LocalStore(root: "\(places[2].store)"), path: "35VLH/2024/20m"))
                .group.array("time")
            try array.writeAll(Array(array.readAll(Int64.self).reversed()))
            let outcome = try await verify(places)
            #expect(outcome.finished == 1 && outcome.failures.count == 1 && outcome.status == .partial, "\(outcome)")
            for word in ["network zarr", "20m/time does not ascend", "safe2zarr --layout zarr", "--verify checksum"] {
                #expect(outcome.failures.first?.contains(word) == true, "\(word) is missing in \(outcome.failures)")
            }
        }
    }
}
