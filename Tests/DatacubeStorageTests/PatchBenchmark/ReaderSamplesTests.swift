import FoundationEssentials
import Testing

@testable import DatacubeStorage

/// Figures of other programs get the statistics of ours.
@Suite struct ReaderSamplesTests {
    private let plan = """
        {"tile": "35VLH", "year": 2024, "seed": 42, "patch_size": 600, "upper_left": {"x": 300000, "y": 6800040},
         "products": ["S2A_MSIL1C_20240611T095031_N0510_R079_T35VLH_20240611T103102"],
         "rounds": [\((0...6).map { #"{"patches": [{"x": \#(300_000 + 60 * $0), "y": 6800040}]}"# }.joined(separator: ","))]}
        """

    @Test func loadsBecomeResults() throws {
        try withTemporaryDirectory { directory in
            let loads = (0...6).flatMap { round in
                [("zarr", 1.0), ("shardzarr", 2.0)].map { format, factor in
                    let seconds = factor * (1 + 0.01 * Double(round * round % 5)) / 10
                    return #"{"storage": "temp", "format": "\#(format)", "round": \#(round), "seconds": \#(seconds)}"#
                }
            }
            let text =
                #"{"reader": "xarray 1", "cache": "warm", "threads": 2, "loads": [\#(loads.joined(separator: ","))]}"#
            let results = try samples(text, directory).results(PatchPlanFile(file: directory + "/plan.json"))
            #expect(results.reader == "xarray 1" && results.stop.rounds == 6 && results.patches.count == 6)
            #expect(results.area == [300_000, 6_800_040, 300_960, 6_799_440])
            let zarr = try #require(results.results["temp"]?["zarr"])
            #expect(zarr.durations.count == 6 && zarr.warmUp == [0.1])
            #expect(zarr.bandGroupShapes["10m"] == [1, 4, 60, 60])
            let comparison = try #require(results.comparisons.first)
            #expect([comparison.a, comparison.b] == ["temp shardzarr", "temp zarr"])
            #expect(abs(comparison.ratio - 0.5) < 1e-9 && comparison.different == true)
            #expect(results.answer.best.hasPrefix("temp zarr, ") && results.answer.scope.contains("xarray 1"))
            let path = try results.write(to: .file(directory + "/results.json"))
            #expect(try BenchmarkResults(file: path).comparisons == results.comparisons)
        }
    }

    @Test(arguments: [
        "{}", #"{"reader": "x", "cache": "warm", "threads": 2, "loads": []}"#,
        #"{"reader": "x", "cache": "warm", "threads": 2, "loads": [{"storage": "s3", "format": "cog", "round": 1, "seconds": 0}]}"#,
        #"{"reader": "x", "cache": "hot", "threads": 2, "loads": [{"storage": "s3", "format": "cog", "round": 1, "seconds": 1}]}"#,
        #"{"reader": "x", "cache": "warm", "threads": 2, "loads": [{"storage": "s3", "format": "cog", "round": -1, "seconds": 1}]}"#,
    ])
    func whatIsNoSamplesIsNamed(_ text: String) throws {
        try withTemporaryDirectory { directory in
            let error = #expect(throws: PipelineError.self) { try samples(text, directory) }
            #expect(error?.code == .corrupt && error?.message.contains("samples.json") == true)
        }
    }

    @Test func contendersAreComparedFromJSON() throws {
        let text = #"{"contenders": {"a": [1, 2, 3, 4, 5], "b": [2, 4, 6, 8, 10], "c": [1]}, "baseline": "a"}"#
        let comparisons = try Contest(json: Data(text.utf8)).comparisons
        #expect(comparisons.map(\.b) == ["b", "c"] && comparisons.map(\.different) == [true, nil])
        #expect(try Contest(json: Data(text.utf8)).comparisonsJSON().contains(#""ratio" : 2"#))
    }

    @Test(arguments: ["", "[]", #"{"contenders": {"a": [1, -2]}}"#]) func whatIsNoContendersIsRefused(_ text: String) {
        let error = #expect(throws: PipelineError.self) { try Contest(json: Data(text.utf8)) }
        #expect(error?.code == .corrupt)
    }

    private func samples(_ text: String, _ directory: String) throws -> ReaderSamples {
        try AtomicFile.write(Array(plan.utf8), to: directory + "/plan.json")
        try AtomicFile.write(Array(text.utf8), to: directory + "/samples.json")
        return try ReaderSamples(file: directory + "/samples.json")
    }
}
