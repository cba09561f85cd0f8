import Foundation
import Testing

@testable import DatacubeStorage

/// Numbers as logs, tables and reports show them.
@Suite struct FormattingTests {
    @Test(arguments: [
        (0.0, 0, "0"), (0, 2, "0.00"), (-0.0, 1, "0.0"), (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (-0.5, 0, "-1"),
        (-2.5, 0, "-3"), (0.125, 2, "0.13"), (-0.125, 2, "-0.13"), (0.375, 2, "0.38"), (0.049, 1, "0.0"),
        (-0.049, 1, "0.0"), (9.96, 1, "10.0"), (-1234.5625, 3, "-1234.563"), (7, 3, "7.000"), (.nan, 2, "nan"),
        (.infinity, 1, "inf"), (-.infinity, 0, "-inf"),
    ])
    func decimalsAreRoundedHalfAwayFromZero(_ value: Double, _ digits: Int, _ text: String) {
        #expect(value.fixed(digits) == text)
    }

    /// Where nothing lies in the middle between two, rounding is that of printf(3).
    @Test func decimalsAreThoseOfPrintf() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<3000 {
            let magnitude = pow(10, Double.random(in: -3...4, using: &random))
            let value = magnitude * (Bool.random(using: &random) ? 1 : -1)
            let digits = Int.random(in: 0...6, using: &random)
            let expected = String(format: "%.\(digits)f", value)
            // A zero has no sign here.
            let isZero = expected.allSatisfy { "-0.".contains($0) }
            #expect(value.fixed(digits) == (isZero ? String(expected.drop { $0 == "-" }) : expected))
        }
    }

    @Test(arguments: [1e17, -1e17, 1.5e30, .greatestFiniteMagnitude, -.greatestFiniteMagnitude])
    func numbersBeyondAllIntegersStayWhatTheyAre(_ value: Double) {
        #expect(Double(value.fixed(2)) == value)
        #expect(Double(value.fixed(0)) == value)
        #expect(Double(value.significant(3)) == value)
    }

    @Test(arguments: [
        (0.0, "0"), (-0.0, "0"), (1, "1.00"), (0.0123, "0.0123"), (1.23, "1.23"), (12.34, "12.3"), (123.4, "123"),
        (123_456, "123456"), (-1.234, "-1.23"), (-0.5, "-0.500"), (59.99, "60.0"), (999.6, "1000"), (.nan, "nan"),
        (.infinity, "inf"), (-.infinity, "-inf"),
    ])
    func threeDigitsMatter(_ value: Double, _ text: String) {
        #expect(value.significant(3) == text)
    }

    /// Apart from numbers that rounding brings to the next power of ten.
    @Test func significantDigitsAreThoseOfPrintf() {
        var random = SeededGenerator(seed: 2)
        for digits in 2...5 {
            for _ in 0..<1000 {
                let exponent = Int.random(in: -3..<digits, using: &random)
                let mantissa = Double.random(in: 1...9.9, using: &random)
                let value = mantissa * pow(10, Double(exponent))
                // %g leaves the point of a whole number, which nobody writes.
                var expected = String(format: "%#.\(digits)g", value)
                if expected.hasSuffix(".") { expected.removeLast() }
                #expect(value.significant(digits) == expected)
            }
        }
    }

    @Test
    func whatIsRoundedUpToAPowerOfTenHasNoDigitMore() {
        for (value, text) in [(9.999, "10.0"), (0.9999, "1.00"), (99.96, "100"), (-9.999, "-10.0")] {
            #expect(value.significant(3) == text)
        }
    }

    @Test(arguments: [
        (0, "0 B"), (1, "1 B"), (-1, "-1 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1536, "1.50 KiB"),
        (10_240, "10.0 KiB"), (102_400, "100 KiB"), (1_047_552, "1023 KiB"), (1 << 20, "1.00 MiB"),
        (3 << 29, "1.50 GiB"), (1 << 40, "1.00 TiB"), (1 << 50, "1024 TiB"), (.max, "8388608 TiB"),
    ])
    func bytesAreInBinaryUnits(_ count: Int, _ text: String) {
        #expect(formatBytes(count) == text)
    }

    @Test
    func whatIsRoundedUpToTheNextUnitIsGivenInIt() {
        #expect(formatBytes((1 << 20) - 1) == "1.00 MiB")
        #expect(formatBytes((1 << 30) - 1) == "1.00 GiB")
    }

    @Test(arguments: [
        (0.0, "0 s"), (0.00123, "0.00123 s"), (0.42, "0.420 s"), (12.3, "12.3 s"), (59.9, "59.9 s"), (59.99, "60.0 s"),
        (60, "1 min 00 s"), (245, "4 min 05 s"), (61.5, "1 min 02 s"), (3599.4, "59 min 59 s"), (3599.6, "1 h 00 min"),
        (3600, "1 h 00 min"), (7380, "2 h 03 min"), (90_000, "25 h 00 min"), (-5, "-5.00 s"), (-100, "-100 s"),
        (.nan, "nan s"), (.infinity, "inf s"), (-.infinity, "-inf s"), (1e12, "1000000000000 s"),
    ])
    func durationsAreAsPeopleSayThem(_ seconds: Double, _ text: String) {
        #expect(formatSeconds(seconds) == text)
    }

    @Test(arguments: [
        (0, 1.0, "0 B in 1.00 s (0 B/s)"), (1 << 30, 4, "1.00 GiB in 4.00 s (256 MiB/s)"),
        (1536, 60, "1.50 KiB in 1 min 00 s (26 B/s)"), (10, 0, "10 B in 0 s (9.31 GiB/s)"),
    ])
    func transfersTellTheirRate(_ bytes: Int, _ seconds: Double, _ text: String) {
        #expect(formatTransfer(bytes, seconds: seconds) == text)
    }

    @Test
    func noTransferIsTooFastToBeTold() async {
        await #expect(processExitsWith: .success) {
            _ = formatTransfer(10_000_000_000, seconds: 0)
            _ = formatTransfer(1, seconds: .nan)
        }
    }
}
