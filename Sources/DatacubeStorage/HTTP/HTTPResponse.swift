/// An answer of any status; which statuses are failures is for the caller to say.
public struct HTTPResponse: Sendable {
    /// The status code.
    public let status: Int
    /// The fields of the head.
    public let fields: HTTPFields
    /// The body, unless it went elsewhere.
    public let body: [UInt8]
    /// Bytes of the body, wherever it went.
    public let byteCount: Int

    /// Whether the status is 2xx.
    public var isSuccess: Bool { (200..<300).contains(status) }
    /// How many seconds the server asks to wait, if it does.
    public var retryAfter: Double? {
        guard let text = fields["Retry-After"] else { return nil }
        if let seconds = Double(text), seconds >= 0 { return seconds }
        return Timestamp(httpDate: text).map { max(0, Double($0.microseconds) / 1e6 - SystemClock.sinceEpoch()) }
    }
    /// The size of the whole resource, as `Content-Range` or else `Content-Length` tells it.
    public var resourceSize: Int? {
        fields["Content-Range"].flatMap(ContentRange.init)?.size
            ?? fields["Content-Length"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}

/// The fields of a head, in order; names are compared without regard to case.
public struct HTTPFields: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One line of a head.
    public struct Field: Sendable, Equatable {
        /// As it was spelled.
        public let name: String
        /// Without surrounding blanks.
        public let value: String
    }

    /// All of them; a name may occur more than once.
    public private(set) var all: [Field] = []

    /// Creates an empty list.
    public init() {}

    /// Creates fields.
    public init(dictionaryLiteral elements: (String, String)...) { for (name, value) in elements { add(name, value) } }

    /// The value of the first field of that name; setting it replaces all of that name.
    public subscript(name: String) -> String? {
        get { all.first { Self.areEqual($0.name, name) }?.value }
        set {
            all.removeAll { Self.areEqual($0.name, name) }
            if let newValue { add(name, newValue) }
        }
    }

    /// Appends a field.
    public mutating func add(_ name: String, _ value: String) { all.append(Field(name: name, value: value)) }

    // Names are ASCII, in which bit 5 is all that sets capitals apart.
    private static func areEqual(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }

    /// Removes the fields that `shouldRemove` picks by their lower-case name.
    mutating func removeAll(where shouldRemove: (String) -> Bool) {
        all.removeAll { shouldRemove($0.name.lowercased()) }
    }
}

/// `bytes 10-19/100`, the part of a resource that an answer holds.
struct ContentRange: Equatable {
    let range: Range<Int>
    /// Bytes of the whole resource, if the server knows.
    let size: Int?

    init?(_ text: String) {
        let parts = text.split(omittingEmptySubsequences: false, whereSeparator: { " -/".contains($0) })
        guard parts.count == 4, parts[0].lowercased() == "bytes", let first = Int(parts[1]), let last = Int(parts[2]),
            first >= 0, first <= last, last < Int.max, parts[3] == "*" || Int(parts[3]).map({ $0 >= 0 }) ?? false
        else { return nil }
        range = first..<last + 1
        size = Int(parts[3])
        if let size, size <= last { return nil }
    }
}
