import Synchronization

/// Text from outside, such as names, keys and what servers say, as it may go to a terminal, a log or a report.
///
/// Every error and every line of a log passes through here.
public enum PrintableText {
    /// What one line of a log or error may have at most; the rest tells nothing that the beginning does not.
    public static let longest = 16_384

    /// The text in one line: line breaks as blanks, other control characters spelled, secrets left out, cut to `limit`
    /// characters.
    public static func line(_ text: String, limit: Int = longest) -> String {
        let shown = KnownSecrets.redacted(text)
        if shown.utf8.count <= limit, shown.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return shown }
        var line = ""
        var count = 0
        for scalar in shown.unicodeScalars {
            guard count < limit else { return line + "…" }
            count += 1
            if isLineBreak(scalar) {
                if line.last != " " { line.append(" ") }
            } else if isHidden(scalar) {
                line += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                line.unicodeScalars.append(scalar)
            }
        }
        return line
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
    }

    /// Whether a terminal would obey it, or show the text around it in another order.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}

/// The secrets of this process, which no line may show.
public enum KnownSecrets {
    // What authorizes one request; others may send it back.
    private static let signature = "ignature="
    // Shorter ones would be found in innocent words.
    private static let shortest = 8
    private static let all = Mutex<Set<String>>([])

    /// Remembers a secret, in the spellings in which others may send it back.
    public static func add(_ spellings: String...) {
        all.withLock { $0.formUnion(spellings.filter { $0.utf8.count >= shortest }) }
    }

    /// The text without them.
    static func redacted(_ text: String) -> String {
        let text =
            text.contains(signature) ? text.replacing(/(?i)signature=[0-9a-f]+/, with: "Signature=[redacted]") : text
        let secrets = all.withLock { $0 }
        guard !secrets.isEmpty else { return text }
        return secrets.reduce(text) { $0.contains($1) ? $0.replacing($1, with: "[redacted]") : $0 }
    }
}
