import Testing

@testable import DatacubeStorage

@Suite struct FileResidencyTests {
    // Pages 1 and 3 of five are in memory.
    private let residency = FileResidency(pages: [0, 1, 0, 1, 0], pageSize: 4096)

    @Test(arguments: [
        (0..<4096, 0, 1), (0..<4097, 1, 2), (4096..<8192, 1, 1), (8000..<12_300, 2, 3), (0..<20_480, 2, 5),
        (4100..<4101, 1, 1), (16_384..<99_999, 0, 1), (50_000..<60_000, 0, 0), (5..<5, 0, 0),
    ])
    func aRangeCountsThePagesThatItTouches(_ range: Range<Int>, _ resident: Int, _ total: Int) {
        let count = residency.count(range)
        #expect(count.resident == resident && count.total == total)
    }
}
