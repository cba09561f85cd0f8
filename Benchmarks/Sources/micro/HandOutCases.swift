import DatacubeStorage

/// What it costs that threads get their work from one place.
enum HandOutCases {
    // As long as a small piece of a patch takes.
    private static let pieceSeconds = 30e-6

    static func measure() async throws -> [Measurement] {
        var measurements: [Measurement] = []
        for width in [1, 2, 8, 64] {
            let executor = BlockingExecutor(width: width)
            let (empty, pieces) = (200_000, 4000)
            measurements.append(
                try await Measurement(
                    "hand out \(empty) items of nothing, \(width) threads",
                    amount: Double(empty) / 1e6,
                    unit: "million/s"
                ) { try await executor.forEach(empty) { _ in } }
            )
            measurements.append(
                try await Measurement(
                    "\(pieces) pieces of 30 µs, \(width) threads",
                    amount: Double(pieces) * pieceSeconds,
                    unit: "processors busy with pieces"
                ) { try await executor.forEach(pieces) { _ in work(for: pieceSeconds) } }
            )
        }
        return measurements
    }

    private static func work(for seconds: Double) {
        // Not by the clock, which goes on while another thread has the processor.
        var value: UInt64 = 1
        for _ in 0..<Int(seconds * stepsPerSecond) { value = value &* 6_364_136_223_846_793_005 &+ 1 }
        precondition(value != 0)
    }

    /// Found once, on this machine.
    private static let stepsPerSecond: Double = {
        var value: UInt64 = 1
        let (steps, start) = (20_000_000, SystemClock.seconds())
        for _ in 0..<steps { value = value &* 6_364_136_223_846_793_005 &+ 1 }
        precondition(value != 0)
        return Double(steps) / (SystemClock.seconds() - start)
    }()
}
