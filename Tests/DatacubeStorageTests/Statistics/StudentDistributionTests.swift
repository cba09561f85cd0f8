import Glibc
import Testing

@testable import DatacubeStorage

/// Expected values: scipy 1.17, `stats.t.ppf` and `2 * stats.t.sf`.
@Suite struct StudentDistributionTests {
    @Test(arguments: [
        (1, 12.706204736), (2, 4.3026527297), (4, 2.7764451052), (9, 2.2621571628), (19, 2.0930240544),
        (49, 2.0095752371), (999, 1.9623414611),
    ])
    func fivePercentLieBeyondTheTabulatedValue(_ degrees: Int, _ value: Double) {
        let distribution = StudentDistribution(degreesOfFreedom: degrees)
        #expect(abs(distribution.value(passedWith: 0.05) - value) < 1e-9 * value)
        #expect(abs(distribution.probability(beyond: value) - 0.05) < 1e-10)
        #expect(abs(distribution.probability(beyond: -value) - 0.05) < 1e-10)
    }

    /// With one degree of freedom it is Cauchy's distribution, with two there is a formula too.
    @Test(arguments: [0.1, 0.7, 1, 3, 40, 1e6])
    func probabilitiesAreThoseOfTheFormulas(_ t: Double) {
        let cauchy = 1 - 2 / Double.pi * atan(t)
        #expect(abs(StudentDistribution(degreesOfFreedom: 1).probability(beyond: t) - cauchy) < 1e-12)
        let two = 1 - t / (2 + t * t).squareRoot()
        #expect(abs(StudentDistribution(degreesOfFreedom: 2).probability(beyond: t) - two) < 1e-12)
    }

    @Test func endsAreEnds() {
        let distribution = StudentDistribution(degreesOfFreedom: 5)
        #expect(distribution.probability(beyond: 0) == 1)
        #expect(distribution.probability(beyond: .infinity) == 0)
    }
}
