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
    /// Requests that should be in flight, whatever the number of processors; 0 where a call waits for nothing but a disk.
    public var requestsInFlight: Int
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
        traffic: RequestCounter? = nil,
        endCalls: (@Sendable () -> Void)? = nil
    ) {
        self.folder = folder
        self.container = container
        self.rangeGap = rangeGap
        self.takesAnnouncements = takesAnnouncements
        self.requestsInFlight = requestsInFlight
        self.traffic = traffic
        self.endCalls = endCalls
    }

    /// Whether a call takes a journey, so that threads wait rather than compute.
    public var isDistant: Bool { requestsInFlight > 0 }

    /// Whether many small reads are as good as few large ones.
    var favoursSmallReads: Bool { !isDistant }
}
