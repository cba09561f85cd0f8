import Testing

@testable import DatacubeStorage

@Suite struct PatchPlanFileTests {
    @Test func aRunFromAWrittenPlanLoadsThePatchesOfTheRunThatWouldHaveDrawnThem() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await self.selection(below: directory)
            let drawn = try #require(try await BenchmarkJob(settings(selection, directory), log: .silent).run())
            let plan = try await writePlan(selection, directory)
            var again = settings(selection, directory)
            (again.seed, again.stop, again.patchSize) = (1, StopRule(rounds: 1), 60)
            again.plan = plan
            let planned = try #require(try await BenchmarkJob(again, log: .silent).run())
            #expect(planned.results.patches.map { [$0.x, $0.y] } == drawn.results.patches.map { [$0.x, $0.y] })
            #expect(planned.results.patches.map(\.checksums) == drawn.results.patches.map(\.checksums))
            #expect(planned.results.seed == 7 && planned.results.repeats == 3 && planned.results.patchSize == 600)
            #expect(planned.results.products == plan.products)
        }
    }

    @Test func theOrderIsThePlansAndItsSourcesMayBeAPartOfIt() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await self.selection(below: directory)
            var plan = try await writePlan(selection, directory)
            for round in plan.rounds.indices {
                plan.rounds[round].order = ["network zarr", "network safe", "network cog"]
            }
            #expect(
                Array(try await loads(plan, selection, directory).prefix(3)) == [
                    "network zarr", "network safe", "network cog",
                ]
            )

            let two = PatchSelection(places: selection.places.filter { $0.format != .safe })
            #expect(Array(try await loads(plan, two, directory).prefix(2)) == ["network zarr", "network cog"])

            plan.rounds[1].order = ["network zarr"]
            let error = await #expect(throws: PipelineError.self) { try await loads(plan, two, directory) }
            #expect(error?.code == .configuration)
        }
    }

    @Test func aPlanSaysWhichProductsAreLoadedAndInWhichOrder() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await self.selection(below: directory)
            var plan = try await writePlan(selection, directory)
            plan.products = [plan.products[2], plan.products[0]]
            var settings = settings(selection, directory)
            settings.plan = plan
            // All three formats are loaded, and the run fails where one delivers other pixels.
            let results = try #require(try await BenchmarkJob(settings, log: .silent).run()).results
            #expect(results.products == plan.products)
            let source = try #require(results.results["network"]?["zarr"])
            #expect(source.bandGroupShapes["10m"] == [2, 4, 60, 60])
        }
    }

    @Test func aRunEndsWhenItsTurnsDo() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await self.selection(below: directory)
            let turns = Shared(0)
            var settings = settings(selection, directory)
            settings.turn = {
                turns.with {
                    $0 += 1; return $0 <= 6
                }
            }
            let results = try #require(try await BenchmarkJob(settings, log: .silent).run()).results
            // Three sources: the warm-up, one round that counts, and nothing of the next.
            #expect(results.patches.count == 1)
            #expect(results.results["network"]?.values.allSatisfy { $0.durations.count == 1 } == true)
        }
    }

    @Test func aPlanForSomethingElseIsRefused() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await self.selection(below: directory)
            let plan = try await writePlan(selection, directory)
            let changes: [(PipelineError.Code, (inout PatchPlanFile) -> Void)] = [
                (.mismatch, { $0.upperLeft.x += 60 }), (.mismatch, { $0.products[1] = "S2X" }),
                (.notFound, { $0.tile = "35VMH" }),
                (.configuration, { $0.rounds[1].patches[0].x += 10 }),
                (.configuration, { $0.rounds[1].patches[0].y -= 60_000 }), (.configuration, { $0.patchSize = 610 }),
            ]
            for (code, change) in changes {
                var other = plan
                change(&other)
                let error = await #expect(throws: PipelineError.self) { try await loads(other, selection, directory) }
                #expect(error?.code == code, "\(error?.message ?? "")")
            }
        }
    }

    @Test(arguments: ["{}", "[1", #"{"tile":"35VLH"}"#])
    func whatIsNoPlanIsNamed(_ text: String) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/plan.json"
            try AtomicFile.write(Array(text.utf8), to: path)
            let error = #expect(throws: PipelineError.self) { try PatchPlanFile(file: path) }
            #expect(error?.code == .corrupt && error?.message.contains(path) == true)
        }
    }

    @Test func aPlanMayComeFromAnEditorOfWindows() async throws {
        try await withTemporaryDirectory { directory in
            let plan = try await writePlan(selection(below: directory), directory)
            let text = String(decoding: try FileSystem.contents(of: directory + "/plan.json"), as: UTF8.self)
            let other = "\u{FEFF}" + text.replacing("\n", with: "\r\n")
            try AtomicFile.write(Array(other.utf8), to: directory + "/other.json")
            let read = try PatchPlanFile(file: directory + "/other.json")
            #expect(read.products == plan.products && read.rounds.count == plan.rounds.count)
        }
    }

    @Test func aPlanHasARoundThatCounts() async throws {
        try await withTemporaryDirectory { directory in
            var plan = try await writePlan(selection(below: directory), directory)
            plan.rounds.removeLast(3)
            try plan.write(to: directory + "/short.json")
            let error = #expect(throws: PipelineError.self) { try PatchPlanFile(file: directory + "/short.json") }
            #expect(error?.code == .configuration)
        }
    }

    /// Three sources, however many formats there are.
    private func selection(below directory: String) async throws -> PatchSelection {
        let places = try await BenchmarkArchive.selection(below: directory).places
        return PatchSelection(places: places.filter { DataFormat.standard.contains($0.format) })
    }

    private func settings(_ selection: PatchSelection, _ directory: String) -> BenchmarkJob.Settings {
        BenchmarkJob.Settings(
            selection: selection,
            output: .file(directory + "/results.json"),
            patchSize: 600,
            stop: StopRule(rounds: 3),
            seed: 7,
            threads: 2
        )
    }

    private func writePlan(_ selection: PatchSelection, _ directory: String) async throws -> PatchPlanFile {
        var settings = settings(selection, directory)
        settings.planOutput = directory + "/plan.json"
        #expect(try await BenchmarkJob(settings, log: .silent).run() == nil)
        return try PatchPlanFile(file: directory + "/plan.json")
    }

    /// The sources in the order in which a run loaded them.
    private func loads(
        _ plan: PatchPlanFile,
        _ selection: PatchSelection,
        _ directory: String
    ) async throws -> [String] {
        let names = Shared<[String]>([])
        var settings = settings(selection, directory)
        settings.plan = plan
        settings.loaded = { _, source, _ in names.with { $0.append(source) } }
        _ = try await BenchmarkJob(settings, log: .silent).run()
        return names.with { $0 }
    }
}
