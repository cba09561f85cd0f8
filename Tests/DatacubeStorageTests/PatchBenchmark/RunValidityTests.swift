import Testing

@testable import DatacubeStorage

/// Each state of a run that forbids a verdict, and each that is only worth a warning.
@Suite struct RunValidityTests {
    private let sound = RunObservations(
        rounds: 10,
        sources: [
            .init(name: "network zarr", loads: 10, excluded: [], failures: 0),
            .init(name: "temp zarr", loads: 10, excluded: [], failures: 0),
        ],
        control: nil,
        othersBefore: 0.02,
        othersDuring: 0.02,
        sharedDevices: [],
        isSynthetic: false,
        cache: .warm,
        dropsEntries: false,
        memoryFileSystems: []
    )

    @Test func aSoundRunIsValidWithoutAWord() {
        let validity = RunValidity(sound)
        #expect(validity.verdict == .valid && validity.warnings.isEmpty)
    }

    @Test(arguments: [1, 4]) func fewRoundsAreDoubtful(_ rounds: Int) {
        #expect(judged { $0.rounds = rounds }.reasons.map { $0.contains("no verdict below 5") } == [true])
    }

    @Test func notQuiteEnoughRoundsAreAWarning() {
        let validity = judged { $0.rounds = 7 }
        #expect(validity.verdict == .valid && validity.warnings.count == 1)
    }

    @Test func aFifthOfTheSamplesMayBeMissing() {
        let reason = "cold, but 40 % of what was read was in the page cache"
        let few = judged { $0.sources[0] = .init(name: "a", loads: 10, excluded: [reason, reason], failures: 0) }
        #expect(few.verdict == .valid && few.warnings.count == 1)
        let many = judged {
            $0.sources[0] = .init(name: "a", loads: 10, excluded: [reason, reason, reason], failures: 0)
        }
        #expect(many.verdict == .doubtful && many.reasons[0].contains(reason))
    }

    @Test func aBusyMachineIsDoubtful() {
        #expect(judged { $0.othersBefore = 0.5 }.reasons.map { $0.contains("before the run") } == [true])
        #expect(judged { $0.othersDuring = 0.2 }.reasons.map { $0.contains("during the run") } == [true])
        #expect(judged { ($0.othersBefore, $0.othersDuring) = (nil, nil) }.verdict == .valid)
    }

    @Test func oneDeviceBehindTwoStoragesIsDoubtful() {
        let validity = judged { $0.sharedDevices = ["network", "temp"] }
        #expect(validity.reasons == [RunValidity.sharedDevice(["network", "temp"])])
    }

    @Test func memoryIsNeverCold() {
        #expect(judged { $0.memoryFileSystems = ["/dev/shm"] }.verdict == .valid)
        #expect(judged { ($0.memoryFileSystems, $0.cache) = (["/dev/shm"], .cold) }.verdict == .doubtful)
    }

    @Test func aControlThatDiffersIsToldAndDoubtedWhereChanceHardlyExplainsIt() {
        func control(_ p: Double) -> RatioComparison {
            var control = RatioComparison("a", took: [1, 2, 3, 4, 5], and: "a again", took: [2, 3, 4, 5, 6])
            (control.p, control.different) = (p, p <= 0.05)
            return control
        }
        #expect(judged { $0.control = control(0.2) }.warnings.isEmpty)
        let odd = judged { $0.control = control(0.03) }
        #expect(odd.verdict == .valid && odd.warnings.count == 1)
        #expect(judged { $0.control = control(0.001) }.verdict == .doubtful)
    }

    @Test func failuresAndSyntheticDataAreWarnings() {
        let validity = judged {
            $0.isSynthetic = true
            $0.sources[1] = .init(name: "temp zarr", loads: 8, excluded: [], failures: 2)
        }
        #expect(validity.verdict == .valid && validity.warnings.count == 2)
    }

    @Test func coldRunsSayWhatEvictionDoesNotReach() {
        #expect(judged { $0.cache = .cold }.warnings.map { $0.contains("stay in memory") } == [true])
        #expect(
            judged { ($0.cache, $0.dropsEntries) = (.cold, true) }.warnings.map { $0.contains("dropped") } == [true]
        )
    }

    private func judged(_ change: (inout RunObservations) -> Void) -> RunValidity {
        var run = sound
        change(&run)
        return RunValidity(run)
    }
}

@Suite struct CacheProofTests {
    private let cold = CacheProof(.cold, fileSystem: "ext4")

    @Test func coldIsProvenByResidencyAndByTheDisk() {
        #expect(cold.objection(resident: 0.005, read: 1000, fromDisk: 990) == nil)
        #expect(cold.objection(resident: 0, read: 1000, fromDisk: 5000) == nil)
        #expect(cold.objection(resident: 0.02, read: 1000, fromDisk: 1000)?.contains("page cache") == true)
        #expect(cold.objection(resident: 0, read: 1000, fromDisk: 900)?.contains("came from the disk") == true)
    }

    @Test(arguments: ["lustre", "nfs4", "fuse.sshfs"]) func whereTheKernelDoesNotCountResidencyIsAllThereIs(
        _ kind: String
    ) {
        let proof = CacheProof(.cold, fileSystem: kind)
        #expect(proof.objection(resident: 0, read: 1000, fromDisk: 0) == nil)
        #expect(proof.objection(resident: 1, read: 1000, fromDisk: 0) != nil)
    }

    @Test func warmReadsNothingFromADisk() {
        let warm = CacheProof(.warm, fileSystem: "ext4")
        #expect(warm.objection(resident: 1, read: 1000, fromDisk: 0) == nil)
        #expect(warm.objection(resident: 1, read: 1000, fromDisk: 4096) != nil)
    }

    @Test func objectsOnS3HaveNoPageCache() {
        #expect(cold.objection(resident: nil, read: 1000, fromDisk: nil) == nil)
    }
}
