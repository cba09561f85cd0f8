import Testing

@testable import DatacubeStorage

@Suite struct JobOutcomeTests {
    @Test(arguments: [
        (JobOutcome(), DatacubeStorage.ExitStatus.done), (JobOutcome(finished: 2, skipped: 1), .done),
        (JobOutcome(finished: 1, failures: ["a"]), .partial), (JobOutcome(skipped: 1, failures: ["a"]), .partial),
        (JobOutcome(failures: ["a"]), .failed),
    ])
    func theStatusTellsHowMuchIsDone(_ outcome: JobOutcome, _ status: DatacubeStorage.ExitStatus) {
        #expect(outcome.status == status)
    }

    @Test(arguments: [0, 5])
    func aFullDiskIsToBeTriedLater(_ finished: Int) {
        var outcome = JobOutcome(finished: finished)
        outcome.add(PipelineError(.corrupt, "one product"))
        #expect(outcome.status == (finished > 0 ? .partial : .failed))
        outcome.add(PipelineError(.noSpace, "the disk"))
        #expect(outcome.status == .tryLater)
        #expect(outcome.failures == ["corrupt: one product", "noSpace: the disk"])
    }
}
