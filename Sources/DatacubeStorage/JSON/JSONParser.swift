// RFC 8259: https://www.rfc-editor.org/rfc/rfc8259

extension JSONValue {
    /// The value that the bytes spell.
    ///
    /// Besides RFC 8259 it takes `NaN`, `Infinity` and `-Infinity`, which Python writes into attributes, and a byte
    /// order mark, which editors write. Text that
    /// nests deeper than 128 levels is refused, so that hostile input cannot exhaust the stack.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 text.
    ///   - name: The file or key that they come from, for the error.
    /// - Throws: `corrupt`, with the byte at which it went wrong.
    public init(parsing bytes: [UInt8], named name: String) throws {
        var parser = JSONParser(bytes: bytes)
        do {
            self = try parser.document()
        } catch let error as JSONParser.Failure {
            throw PipelineError(
                .corrupt,
                "\(name) is not valid JSON: \(error.reason) at byte \(parser.position) of \(bytes.count)"
            )
        }
    }
}

/// Recursive descent over the bytes.
struct JSONParser {
    struct Failure: Error { var reason: String }

    private static let deepest = 128
    let bytes: [UInt8]
    private(set) var position: Int
    private var depth = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: TextLines.byteOrderMark) ? TextLines.byteOrderMark.count : 0
    }

    mutating func document() throws -> JSONValue {
        let value = try value()
        skipBlanks()
        guard position == bytes.count else { throw Failure(reason: "unexpected text after the value") }
        return value
    }

    private mutating func value() throws -> JSONValue {
        skipBlanks()
        guard let first = peek else { throw Failure(reason: "the text ends where a value should begin") }
        switch first {
        case UInt8(ascii: "{"): return try nested { try $0.object() }
        case UInt8(ascii: "["): return try nested { try $0.array() }
        case UInt8(ascii: "\""): return .string(try string())
        default: return try literal() ?? number()
        }
    }

    private mutating func nested(_ body: (inout JSONParser) throws -> JSONValue) throws -> JSONValue {
        guard depth < Self.deepest else {
            throw Failure(reason: "nesting deeper than \(Self.deepest) levels")
        }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try body(&self)
    }

    private mutating func object() throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        if try closes(with: "}", first: true) { return .object(members) }
        repeat {
            skipBlanks()
            let name = try string()
            skipBlanks()
            try expect(":")
            members[name] = try value()
        } while try !closes(with: "}", first: false)
        return .object(members)
    }

    private mutating func array() throws -> JSONValue {
        var elements: [JSONValue] = []
        if try closes(with: "]", first: true) { return .array(elements) }
        repeat { elements.append(try value()) } while try !closes(with: "]", first: false)
        return .array(elements)
    }

    /// Whether the container ends here; otherwise a comma is consumed, unless this is before the first element.
    private mutating func closes(with bracket: Unicode.Scalar, first: Bool) throws -> Bool {
        skipBlanks()
        if peek == UInt8(ascii: bracket) {
            position += 1
            return true
        }
        if !first { try expect(",") }
        return false
    }

    private mutating func literal() throws -> JSONValue? {
        for (text, value) in Self.literals where bytes[position...].starts(with: text.utf8) {
            position += text.utf8.count
            return value
        }
        return nil
    }

    private static let literals: [(String, JSONValue)] = [
        ("true", true), ("false", false), ("null", nil),
        ("NaN", .double(.nan)), ("Infinity", .double(.infinity)), ("-Infinity", .double(-.infinity)),
    ]

    private mutating func number() throws -> JSONValue {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let whole = try digits()
        guard whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else {
            throw Failure(reason: "a number begins with 0")
        }
        let integerEnd = position
        if peek == UInt8(ascii: ".") {
            position += 1
            _ = try digits()
        }
        if let mark = peek, mark | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            _ = try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if position == integerEnd, let value = Int(text) { return .int(value) }
        guard let value = Double(text) else { throw Failure(reason: "a number cannot be read") }
        return .double(value)
    }

    private mutating func digits() throws -> Int {
        let start = position
        while let byte = peek, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
        guard position > start else { throw Failure(reason: "an unexpected character") }
        return position - start
    }
}

extension JSONParser {
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    mutating func expect(_ character: Unicode.Scalar) throws {
        guard peek == UInt8(ascii: character) else { throw Failure(reason: "'\(character)' is missing") }
        position += 1
    }

    mutating func string() throws -> String {
        try expect("\"")
        var text: [UInt8] = []
        while true {
            let start = position
            while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                position += 1
            }
            text += bytes[start..<position]
            guard let byte = peek, byte >= 0x20 else { throw Failure(reason: "a string does not end") }
            position += 1
            if byte == UInt8(ascii: "\"") { break }
            try escape(into: &text)
        }
        guard let result = String(validating: text, as: UTF8.self) else { throw Failure(reason: "text is not UTF-8") }
        return result
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        guard let byte = peek else { throw Failure(reason: "a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += String(Character(try unicodeScalar())).utf8
        default: throw Failure(reason: "an unknown escape")
        }
    }

    private mutating func unicodeScalar() throws -> Unicode.Scalar {
        var code = try fourHexDigits()
        if 0xD800..<0xDC00 ~= code {
            try expect("\\")
            try expect("u")
            let low = try fourHexDigits()
            guard 0xDC00..<0xE000 ~= low else { throw Failure(reason: "half a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw Failure(reason: "half a surrogate pair") }
        return scalar
    }

    private mutating func fourHexDigits() throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw Failure(reason: "an escape without four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
