import Testing

@testable import DatacubeStorage

@Suite struct StatisticsTests {
    // Expected values: numpy 1.26, std with ddof=1 and percentile with its default, linear.
    @Test func statisticsAreThoseOfNumpy() {
        let statistics = DurationStatistics([0.5, 0.1, 0.9, 0.3, 2.0])
        #expect(abs(statistics.mean - 0.76) < 1e-12)
        #expect(abs(statistics.deviation - 0.753_657_747_256_671_3) < 1e-12)
        #expect(abs(statistics.standardError - 0.337_045_990_927_054_6) < 1e-12)
        #expect(statistics.median == 0.5)
        #expect(abs(statistics.quantile(0.95) - 1.78) < 1e-12)
        #expect(abs(statistics.quantile(0.99) - 1.956) < 1e-12)
    }

    @Test func aSingleValueHasNoSpread() {
        let statistics = DurationStatistics([0.25])
        #expect(statistics.deviation == 0 && statistics.standardError == 0)
        #expect(statistics.quantile(0.99) == 0.25)
        #expect(DurationStatistics([]).mean.isNaN)
    }

    // First outputs for seed 1234567, from the authors' reference implementation in C.
    @Test func randomNumbersAreThoseOfSplitMix64() {
        var random = RandomSource(seed: 1_234_567)
        let numbers = (0..<3).map { _ in random.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }
}
