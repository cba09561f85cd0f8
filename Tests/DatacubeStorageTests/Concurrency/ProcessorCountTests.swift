import Testing

@testable import DatacubeStorage

@Suite struct ProcessorCountTests {
    @Test func slurmsGrantCountsWithinTheAffinityMask() {
        #expect(ProcessorCount.granted(bySlurm: "4", affinity: 16) == 4)
        #expect(ProcessorCount.granted(bySlurm: "64", affinity: 16) == 16)
        for text in [nil, "", "0", "-1", "many"] { #expect(ProcessorCount.granted(bySlurm: text, affinity: 16) == 16) }
        #expect(ProcessorCount.granted(bySlurm: "4", affinity: 0) == 1)
    }
}
