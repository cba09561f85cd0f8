// POSIX, 2.2 Quoting and 2.6 Word Expansions:
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html

/// A line of `.env`: an assignment as bash reads it.
///
/// What bash reads in a way that is not supported here is an error.
struct DotenvLine {
    /// Why a line makes no sense.
    struct Fault: Error { let reason: String }

    /// The variable that is set.
    let name: String
    /// What it is set to.
    let word: DotenvWord

    /// Reads `NAME=value` or `export NAME=value`, a comment behind it or not; nil for a blank line or a comment.
    init?(_ line: String) throws(Fault) {
        var parser = DotenvLineParser(line)
        guard let assignment = try parser.assignment() else { return nil }
        name = assignment.name
        word = assignment.word
    }

    /// Whether bytes can be the name of a variable.
    static func isName(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.first.map(isNameStart) == true && bytes.allSatisfy(isNamePart)
    }

    static func isNameStart(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
    }

    static func isNamePart(_ byte: UInt8) -> Bool {
        isNameStart(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// Reads a line byte by byte.
private struct DotenvLineParser {
    typealias Fault = DotenvLine.Fault

    /// Which of bash's rules hold.
    private enum Context { case plain, plainDefault, quoted, quotedDefault }

    // A default within a default; nobody writes more, and deeper recursion could exhaust the stack.
    private static let deepest = 16
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ line: String) { bytes = Array(line.utf8) }

    mutating func assignment() throws(Fault) -> (name: String, word: DotenvWord)? {
        skipBlanks()
        guard let first = next, first != "#" else { return nil }
        var name = takeName()
        if name == "export", isBlank(next) {
            skipBlanks()
            name = takeName()
        }
        guard DotenvLine.isName(name.utf8), take("=") else {
            throw Fault(reason: "NAME=value is expected, without blanks around the =")
        }
        var word = DotenvWord()
        try read(into: &word, .plain)
        skipBlanks()
        guard next == nil || next == "#" else {
            throw Fault(reason: "a value with blanks needs quotes, as in \(name)=\"…\"")
        }
        return (name, word)
    }

    /// Reads to the end that belongs to the context, which is not taken.
    private mutating func read(into word: inout DotenvWord, _ context: Context) throws(Fault) {
        let isPlain = context == .plain || context == .plainDefault
        // A tilde stands for the home folder at the beginning of a value and behind a colon.
        var allowsTilde = isPlain
        while let character = next, !ends(character, context: context) {
            if allowsTilde, character == "~" {
                try readTilde(into: &word, context)
            } else if character == "$" {
                try readDollar(into: &word, isPlain)
            } else if character == "\\" {
                try readBackslash(into: &word, context)
            } else if isPlain, character == "'" || character == "\"" {
                try readQuotes(into: &word, character)
            } else {
                try refuseSyntax(character, context: context)
                word.append(bytes[position])
                position += 1
            }
            allowsTilde = isPlain && character == ":"
        }
    }

    private func ends(_ character: Unicode.Scalar, context: Context) -> Bool {
        switch context {
        case .plain: isBlank(character)
        case .quoted: character == "\""
        case .plainDefault, .quotedDefault: character == "}"
        }
    }

    private mutating func readTilde(into word: inout DotenvWord, _ context: Context) throws(Fault) {
        position += 1
        guard next == nil || next == "/" || next == ":" || next.map({ ends($0, context: context) }) == true else {
            throw Fault(
                reason: "~ is understood alone and before /; write '~' in quotes where it is meant as it stands"
            )
        }
        word.append(.home)
    }

    private mutating func readDollar(into word: inout DotenvWord, _ isPlain: Bool) throws(Fault) {
        position += 1
        switch next {
        case "{": try readBraces(into: &word, isPlain)
        case "(": throw Fault(reason: "commands, $(…), are not run; write the value itself")
        case "'" where isPlain, "\"" where isPlain:
            throw Fault(reason: "$ before a quote is not supported; write '$' in quotes where it is meant as it stands")
        case .some where DotenvLine.isNameStart(bytes[position]):
            word.append(.variable(takeName(), default: nil))
        case .some(let character) where "0123456789@*#?$!-[".unicodeScalars.contains(character):
            throw Fault(reason: "$\(character) is not supported; write '$' in quotes where it is meant as it stands")
        default: word.append(UInt8(ascii: "$"))
        }
    }

    private mutating func readBraces(into word: inout DotenvWord, _ isPlain: Bool) throws(Fault) {
        position += 1
        let name = takeName()
        var fallback: DotenvWord?
        if take(":-") {
            depth += 1
            guard depth <= Self.deepest else { throw Fault(reason: "defaults are nested too deep") }
            var inner = DotenvWord()
            try read(into: &inner, isPlain ? .plainDefault : .quotedDefault)
            fallback = inner
            depth -= 1
        }
        guard DotenvLine.isName(name.utf8), take("}") else {
            throw Fault(reason: "after ${ only NAME} and NAME:-default} are supported")
        }
        word.append(.variable(name, default: fallback))
    }

    private mutating func readBackslash(into word: inout DotenvWord, _ context: Context) throws(Fault) {
        position += 1
        guard let character = next else {
            throw Fault(reason: "a \\ at the end is not supported; write the value on one line")
        }
        let special =
            switch context {
            case .plain, .plainDefault: true
            case .quoted: "$`\"\\".unicodeScalars.contains(character)
            case .quotedDefault: "$`\"\\}".unicodeScalars.contains(character)
            }
        if !special { word.append(UInt8(ascii: "\\")) }
        word.append(bytes[position])
        position += 1
    }

    private mutating func readQuotes(into word: inout DotenvWord, _ quote: Unicode.Scalar) throws(Fault) {
        position += 1
        // So that "" is a value, and does not join with what stands before it.
        word.append(.text([]))
        if quote == "\"" {
            try read(into: &word, .quoted)
        } else {
            while let character = next, character != "'" {
                word.append(bytes[position])
                position += 1
            }
        }
        guard next == quote else { throw Fault(reason: "the quote \(quote) is not closed") }
        position += 1
    }

    private func refuseSyntax(_ character: Unicode.Scalar, context: Context) throws(Fault) {
        let refused =
            switch context {
            case .plain: "`|&;()<>"
            case .plainDefault: "`()<>"
            case .quoted: "`"
            case .quotedDefault: "`\""
            }
        if refused.unicodeScalars.contains(character) {
            throw Fault(reason: "\(character) is not supported here; write it in single quotes where it is meant")
        }
    }

    // Only ASCII matters to the syntax; a byte of a longer character stands for something else.
    private var next: Unicode.Scalar? { position < bytes.count ? Unicode.Scalar(bytes[position]) : nil }

    private func isBlank(_ character: Unicode.Scalar?) -> Bool { character == " " || character == "\t" }

    private mutating func skipBlanks() { while isBlank(next) { position += 1 } }

    private mutating func takeName() -> String {
        let name = bytes[position...].prefix(while: DotenvLine.isNamePart)
        position += name.count
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func take(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }
}
