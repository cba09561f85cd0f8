// https://docs.python.org/3/library/shlex.html#shlex.split

/// Splits text into words as a shell does: blanks part them, quotes and backslashes keep blanks in them.
enum ShellWords {
    /// The words, or nil where a quote is not closed or nothing follows a backslash.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var isEscaped = false
        for character in text.unicodeScalars {
            if isEscaped {
                // Within double quotes a backslash means something only before these.
                if quote == "\"", character != "\"", character != "\\" { word?.append("\\") }
                word?.append(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                word = word ?? .init()
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                word = word ?? .init()
                quote = character
            } else if " \t\r\n".unicodeScalars.contains(character) {
                if let word { words.append(String(word)) }
                word = nil
            } else {
                word = word ?? .init()
                word?.append(character)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        return words + (word.map { [String($0)] } ?? [])
    }
}
