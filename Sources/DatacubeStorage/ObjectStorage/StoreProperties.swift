/// What a store is like, so that nobody has to ask of which kind it is.
public struct StoreProperties: Sendable {
    /// The folder in which objects are files of the same names; nil where they are none.
    public var folder: String?
    /// The key of the object of another store in which all objects are; nil where each is by itself.
    public var container: String?
    /// How many unwanted bytes are cheaper to read than a further range is to ask for.
    public var rangeGap: Int
    /// Whether what readers announce is begun with, see ``ObjectReader/announce(_:)``.
    public var takesAnnouncements: Bool
    /// Requests that may be in flight, whatever the number of processors; 0 where a call waits for nothing but a disk.
    ///
    /// How many are is for the client to find out: threads that wait for their turn cost nothing.
    public var requestsInFlight: Int
    /// What that is at most, however far away a store is.
    static let mostRequestsInFlight = 128
    /// Seconds until a request's answer begins; nil where that is not known.
    public var delay: Double?
    /// What went over the network; nil where nothing does.
    public var traffic: RequestCounter?
    /// Ends all calls, those to come too, with `CancellationError`; nil where none takes long.
    public var endCalls: (@Sendable () -> Void)?

    /// Describes a store.
    public init(
        folder: String? = nil,
        container: String? = nil,
        rangeGap: Int,
        takesAnnouncements: Bool = false,
        requestsInFlight: Int = 0,
        delay: Double? = nil,
        traffic: RequestCounter? = nil,
        endCalls: (@Sendable () -> Void)? = nil
    ) {
        self.folder = folder
        self.container = container
        self.rangeGap = rangeGap
        self.takesAnnouncements = takesAnnouncements
        self.requestsInFlight = requestsInFlight
        self.delay = delay
        self.traffic = traffic
        self.endCalls = endCalls
    }

    /// Whether a call takes a journey, so that threads wait rather than compute.
    public var isDistant: Bool { requestsInFlight > 0 }

    /// How many threads to cut a read for, where `threads` share it.
    ///
    /// On a disk no more than there are processors: more pieces keep nobody busy, and both sides of a cut may decode a block.
    /// At a distance each piece costs a request. Near servers give large objects as fast as small ones; over a long way a
    /// connection brings about 1 MiB a round trip, so that several bring an object sooner.
    func pieces(for threads: Int) -> Int {
        guard isDistant else { return min(threads, ProcessorCount.granted) }
        return (delay ?? 0) < Self.longWay ? 1 : Self.piecesOverALongWay
    }
    // Seconds. Measured at 0, 10 and 30 ms (docs/decisions/2026-11-30-requests-by-the-link.md).
    private static let longWay = 0.02
    private static let piecesOverALongWay = 8

    /// How many threads read from the store, where `threads` may keep a processor busy.
    func width(for threads: Int) -> Int { max(threads, requestsInFlight) }

    /// Whether many small reads are as good as few large ones.
    var favoursSmallReads: Bool { !isDistant }
}
