import Testing

@testable import DatacubeStorage

@Suite struct TimeStepTests {
    @Test(arguments: [
        ([], []), ([5], [5]), ([1, 2, 3], [1, 2, 3]), ([7, 7], [7, 8]), ([7, 7, 7, 9], [7, 8, 9, 10]),
        ([7, 7, 8, 8], [7, 8, 9, 10]), ([7, 7, 20], [7, 8, 20]),
    ])
    func equalTimesAreSeparatedByMilliseconds(_ times: [Int64], _ expected: [Int64]) {
        let steps = times.enumerated().map { index, time in
            var step = TimeStep()
            step.time = time
            step.granuleSensingTime = time
            step.productIdentifier = "product \(index)"
            return step
        }
        let separated = TimeStep.separatingEqualTimes(steps)
        #expect(separated.map(\.time) == expected)
        #expect(separated.map(\.granuleSensingTime) == times, "the true times stay")
        #expect(separated.map(\.productIdentifier) == steps.map(\.productIdentifier))
    }

    /// What a cube's time axis needs is undone where dates are compared with their products.
    @Test(arguments: [[], [5], [7, 7, 900], [7, 7, 7, 900, 900], [1, 5000]])
    func separatedTimesAreJoinedAgain(_ times: [Int64]) {
        let steps = times.map { time in
            var step = TimeStep()
            step.time = time
            return step
        }
        let joined = TimeStep.joiningSeparatedTimes(TimeStep.separatingEqualTimes(steps))
        #expect(joined.map(\.time) == times)
    }

    /// Every variable a date has is written and read back, in any number of dates.
    @Test(arguments: [0, 1, 3, 1025])
    func variablesComeBack(_ count: Int) throws {
        let steps = (0..<count).map(TimeStepTests.step)
        let store = MemoryStore()
        for column in TimeColumn.all {
            let metadata = column.metadata(dates: count, bands: 4)
            let array = try ZarrArray.create(store: store, path: column.name, metadata: metadata)
            try column.write(steps, to: array)
        }
        var read = [TimeStep](repeating: TimeStep(), count: count)
        for column in TimeColumn.all {
            try column.read(from: ZarrArray.open(store: store, path: column.name), into: &read, bands: 4)
        }
        #expect(read == steps)
    }

    @Test func aVariableOfAnotherLengthIsRefused() throws {
        let column = try #require(TimeColumn.all.first { $0.name == "cloud_cover" })
        let store = MemoryStore()
        let array = try ZarrArray.create(store: store, path: "c", metadata: column.metadata(dates: 2, bands: 4))
        try column.write([0, 1].map(TimeStepTests.step), to: array)
        var three = [TimeStep](repeating: TimeStep(), count: 3)
        #expect { try column.read(from: array, into: &three, bands: 4) } throws: {
            ($0 as? PipelineError)?.code == .corrupt
        }
    }

    private static func step(_ number: Int) -> TimeStep {
        var step = TimeStep()
        step.productIdentifier = "S2A_\(number)_ÄÖ"
        step.time = 1_704_187_837_065 + Int64(number)
        step.granuleSensingTime = -Int64(number)
        step.processingBaseline = "05.10"
        step.platform = "Sentinel-2A"
        step.orbitDirection = number.isMultiple(of: 2) ? "ASCENDING" : "DESCENDING"
        step.relativeOrbit = Int32(number % 143 + 1)
        step.absoluteOrbit = Int32(number)
        step.cloudCover = Double(number) / 7
        step.quantificationValue = 10000
        step.sunZenith = 1 / Double(number + 1)
        step.sunAzimuth = Double(number)
        step.radiometricAddOffset = [-1000, 0, Int32(number), 4]
        step.viewZenith = [1, 2.5, Double(number), 4]
        step.viewAzimuth = [4, 3, 2, Double(number) / 3]
        return step
    }
}
