import DatacubeStorage

/// How long one part takes.
struct Measurement {
    let name: String
    /// Seconds of a call.
    let median: Double
    /// Seconds of the shortest call; a median far above it tells of a busy machine.
    let least: Double
    /// What a call works on, and its unit.
    let amount: Double
    let unit: String

    private static let calls = 15
    // Calls shorter than this are timed many at a time, since the clock's own cost would show.
    private static let shortest = 0.01

    /// Times `body`, which handles `bytes` of decoded data.
    init(_ name: String, bytes: Int, _ body: () throws -> Void) rethrows {
        try self.init(name, amount: Double(bytes) / 1e9, unit: "GB/s", body)
    }

    init(_ name: String, amount: Double, unit: String, _ body: () throws -> Void) rethrows {
        // The first call pays for memory that the others find ready.
        try body()
        let once = try Measurement.seconds(1, body)
        let batch = max(1, Int(Measurement.shortest / max(once, 1e-9)))
        let durations = try (0..<Measurement.calls).map { _ in try Measurement.seconds(batch, body) / Double(batch) }
        self.init(name, amount: amount, unit: unit, durations: durations)
    }

    /// Times `body`, which waits for others and takes long enough by itself.
    init(_ name: String, amount: Double, unit: String, waitingFor body: () async throws -> Void) async rethrows {
        try await body()
        var durations: [Double] = []
        for _ in 0..<Measurement.calls {
            let start = SystemClock.seconds()
            try await body()
            durations.append(SystemClock.seconds() - start)
        }
        self.init(name, amount: amount, unit: unit, durations: durations)
    }

    private init(_ name: String, amount: Double, unit: String, durations: [Double]) {
        (self.name, self.amount, self.unit) = (name, amount, unit)
        let sorted = durations.sorted()
        (least, median) = (sorted[0], sorted[Measurement.calls / 2])
    }

    var row: String {
        "| \(name) | \((median * 1e6).fixed(1)) µs | \((least * 1e6).fixed(1)) µs | \((amount / median).fixed(2)) \(unit) |"
    }

    private static func seconds(_ times: Int, _ body: () throws -> Void) rethrows -> Double {
        let start = SystemClock.seconds()
        for _ in 0..<times { try body() }
        return SystemClock.seconds() - start
    }
}
