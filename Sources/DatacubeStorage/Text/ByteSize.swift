/// Sizes as people write them: `250GiB`, `10TB`, `1.5 TiB`, or a number of bytes.
enum ByteSize {
    private static let units: [String: Int] = [
        "": 1, "B": 1,
        "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40,
        "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    ]

    /// Reads a size; nil for what is none.
    static func parse(_ text: String) -> Int? {
        let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let unit = text.dropFirst(number.count).drop { $0 == " " }.uppercased()
        guard let factor = units[unit] else { return nil }
        if let whole = Int(digits: number.utf8) {
            let (bytes, isTooLarge) = whole.multipliedReportingOverflow(by: factor)
            return isTooLarge ? nil : bytes
        }
        guard number.contains("."), number.first != ".", number.last != ".", let part = Double(number) else {
            return nil
        }
        return Int(exactly: (part * Double(factor)).rounded())
    }
}
