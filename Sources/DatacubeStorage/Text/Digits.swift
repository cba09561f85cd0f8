extension BinaryInteger {
    /// The number with zeros before it, so that it has at least so many digits.
    func padded(to width: Int) -> String {
        let digits = String(magnitude)
        return (self < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension Int {
    /// Reads decimal digits and nothing else; nil for others, for none, and beyond 18 of them.
    init?(digits: some Collection<UInt8>) {
        guard (1...18).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
