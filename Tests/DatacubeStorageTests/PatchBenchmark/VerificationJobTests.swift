import Logging
import Testing

@testable import DatacubeStorage

@Suite struct VerificationJobTests {
    @Test func equalFormatsAreProvenEqual() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            let outcome = try await VerificationJob(
                .init(selection: selection, options: RunOptions(jobs: 2)),
                log: .silent
            ).run()
            #expect(outcome == JobOutcome(finished: DataFormat.allCases.count - 1))
        }
    }

    @Test func oneAlteredPlaneIsFoundAndNamed() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            try alter("\(selection.places[2].store)", date: 2, band: 0, row: 0, column: 0)
            let outcome = try await VerificationJob(
                .init(selection: selection, options: RunOptions(jobs: 2)),
                log: .silent
            ).run()
            #expect(outcome.finished == DataFormat.allCases.count - 2 && outcome.failures.count == 1)
            let product = try await SyntheticArchive.products()[2].name.identifier
            for word in ["network zarr", "1 planes", "B02 of \(product)", "column 0 row 0"] {
                #expect(outcome.failures.first?.contains(word) == true, "\(word) is missing in \(outcome.failures)")
            }
        }
    }

    @Test func aProductThatIsNotEverywhereIsAFailure() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            let product = try await SyntheticArchive.products()[1].name
            try FileSystem.remove("\(selection.places[1].store)/\(COGLayout.key(of: product))")
            let outcome = try await VerificationJob(
                .init(selection: selection, options: RunOptions(jobs: 2)),
                log: .silent
            ).run()
            #expect(outcome.status == .partial && outcome.finished == DataFormat.allCases.count - 1)
            #expect(outcome.failures.allSatisfy { $0.contains(product.identifier) })
        }
    }
}
