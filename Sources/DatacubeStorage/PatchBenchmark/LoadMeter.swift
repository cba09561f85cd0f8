/// Reads the machine's counters around a load.
struct LoadMeter: Sendable {
    private let traffic: RequestCounter?
    private let log: ReadLog
    private let diskBytes: Int?
    private let sent: TransferCounts?
    private let costs: ProcessCosts
    private let decoded: Int

    /// Notes where all counters stand.
    /// - Parameters:
    ///   - traffic: Requests to the store; nil for files.
    ///   - log: What is read of the store; it is cleared.
    init(traffic: RequestCounter?, log: ReadLog) {
        self.traffic = traffic
        self.log = log
        log.clear()
        ProcessCosts.forgetPeak()
        diskBytes = ProcessCosts.diskBytes
        sent = traffic?.counts
        decoded = DecodedBytes.count
        costs = ProcessCosts.current()
    }

    /// What was added since.
    func sample(_ round: Int, loads: WorkerLoads) -> Sample {
        let spent = ProcessCosts.current() - costs
        let fromDisk = ProcessCosts.diskBytes.flatMap { after in diskBytes.map { after - $0 } }
        let transfers = traffic.flatMap { traffic in sent.map { traffic.counts - $0 } }
        let reads = log.entries
        return Sample(
            round: round,
            durations: loads.durations,
            wallClock: loads.wallClock,
            rate: loads.rate,
            files: 0,
            bytesRead: transfers?.bytesReceived ?? reads.reduce(0) { $0 + $1.range.count },
            readCalls: transfers?.requests ?? reads.count,
            opens: log.opens,
            diskBytes: transfers == nil ? fromDisk : nil,
            decodedBytes: DecodedBytes.count - decoded,
            userSeconds: spent.user,
            systemSeconds: spent.system,
            peakMemory: ProcessCosts.peakMemory,
            retries: transfers?.retries
        )
    }
}
