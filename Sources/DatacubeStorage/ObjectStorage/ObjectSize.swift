/// Sizes of objects as others tell them: listings, manifests, headers.
///
/// All arithmetic on what passed here is safe: a listing's objects have 1 PiB together at most, so that thousands of
/// listings can be added up.
enum ObjectSize {
    /// 64 TiB, more than any store takes as one object.
    static let largest = 1 << 46
    /// 1 PiB: a bucket of that size is beyond these tools.
    static let largestSum = 1 << 50

    /// Reads a number of bytes: decimal digits only.
    ///
    /// - Returns: nil for anything else, and beyond ``largest``.
    static func parse(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let size = Int(text), size <= largest
        else { return nil }
        return size
    }
}
