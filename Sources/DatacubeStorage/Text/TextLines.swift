/// The lines of texts that people, editors and servers write.
///
/// Split by bytes: to a `String`, "\r\n" is one `Character`, so that a search for "\n" does not find it.
enum TextLines {
    /// U+FEFF in UTF-8, which some editors write before a text.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The lines without their ends, which are `\n`, `\r\n` or `\r`; a byte order mark before them is dropped.
    ///
    /// As with `split`, a text that ends with a line end has an empty line behind it.
    static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
            lines.append(bytes[start..<(position - 1)])
            if byte == UInt8(ascii: "\r"), position < bytes.count, bytes[position] == UInt8(ascii: "\n") {
                position += 1
            }
            start = position
        }
        return lines + [bytes[start...]]
    }

    /// Whether a byte is a control character of ASCII; a tab is none.
    static func isControl(_ byte: UInt8) -> Bool { byte != UInt8(ascii: "\t") && (byte < 0x20 || byte == 0x7F) }
}
