/// The `.env` syntax: `NAME=value` lines, `#` comments, quotes, `${NAME}` and `${NAME:-default}`.
///
/// Single quotes keep the text as it is; elsewhere variables expand from the environment first, then from
/// earlier lines of the file. A variable that is not set and has no default expands to nothing, as in a shell.
public struct Dotenv: Sendable {
    /// Values by name, expanded.
    public private(set) var values: [String: String] = [:]
    private let environment: [String: String]
    private let path: String

    /// Reads the text of a file.
    ///
    /// - Throws: ``PipelineError`` naming the file and the line that makes no sense.
    public init(text: String, path: String, environment: [String: String]) throws(PipelineError) {
        self.environment = environment
        self.path = path
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            try read(trim(line), number: index + 1)
        }
    }

    private mutating func read(_ line: Substring, number: Int) throws(PipelineError) {
        guard !line.isEmpty, !line.hasPrefix("#") else { return }
        let assignment = line.hasPrefix("export ") ? trim(line.dropFirst(7)) : line
        guard let equals = assignment.firstIndex(of: "="), isName(trim(assignment[..<equals])) else {
            throw PipelineError(.configuration, "\(path), line \(number): NAME=value is expected")
        }
        let text = trim(assignment[assignment.index(after: equals)...])
        values[String(trim(assignment[..<equals]))] = try value(text, number)
    }

    private func value(_ text: Substring, _ number: Int) throws(PipelineError) -> String {
        guard let quote = text.first, quote == "'" || quote == "\"" else {
            return try expand(trim(beforeComment(text)), number)
        }
        guard let end = text.dropFirst().firstIndex(of: quote) else {
            throw PipelineError(.configuration, "\(path), line \(number): the quote \(quote) is not closed")
        }
        let inner = text[text.index(after: text.startIndex)..<end]
        return quote == "'" ? String(inner) : try expand(inner, number)
    }

    private func expand(_ text: Substring, _ number: Int) throws(PipelineError) -> String {
        var result = ""
        var rest = text
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.hasPrefix("{") {
                guard let end = closingBrace(rest) else {
                    throw PipelineError(.configuration, "\(path), line \(number): ${ is not closed with }")
                }
                result += try substitute(rest[rest.index(after: rest.startIndex)..<end], number)
                rest = rest[rest.index(after: end)...]
            } else {
                let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
                result += name.isEmpty ? "$" : lookUp(String(name)) ?? ""
                rest = rest[name.endIndex...]
            }
        }
        return result + rest
    }

    // `NAME` or `NAME:-default`; the default may hold variables itself.
    private func substitute(_ inner: Substring, _ number: Int) throws(PipelineError) -> String {
        let name = inner.prefix { $0 != ":" }
        let rest = inner[name.endIndex...]
        guard isName(name), rest.isEmpty || rest.hasPrefix(":-") else {
            throw PipelineError(.configuration, "\(path), line \(number): ${\(inner)} is not ${NAME} or ${NAME:-default}")
        }
        if let value = lookUp(String(name)), !value.isEmpty { return value }
        return try expand(rest.dropFirst(2), number)
    }

    private func lookUp(_ name: String) -> String? { environment[name] ?? values[name] }

    private func closingBrace(_ text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            if text[index] == "{" { depth += 1 }
            if text[index] == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    // As in a shell, `#` begins a comment only after a blank.
    private func beforeComment(_ text: Substring) -> Substring {
        var previous: Character = " "
        for index in text.indices {
            if text[index] == "#", previous.isWhitespace { return text[..<index] }
            previous = text[index]
        }
        return text
    }

    private func trim(_ text: Substring) -> Substring {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return text[first...last]
    }

    private func isName(_ text: Substring) -> Bool {
        guard let first = text.first, !first.isNumber else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
