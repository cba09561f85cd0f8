extension Unicode.Scalar {
    /// A blank, a tab or a line end of ASCII.
    var isBlank: Bool { value == 0x20 || (0x09...0x0D).contains(value) }
}

extension StringProtocol {
    /// The text without blanks at its ends.
    ///
    /// By scalars: to a `String`, a blank before a combining mark is another character.
    func trimmed(_ isBlank: (Unicode.Scalar) -> Bool = \.isBlank) -> String {
        let scalars = String(self).unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    /// The text with blanks behind it, or before it, so that it fills a column.
    func padded(to width: Int, isNumber: Bool = false) -> String {
        let blanks = String(repeating: " ", count: Swift.max(0, width - count))
        return isNumber ? blanks + self : self + blanks
    }
}
