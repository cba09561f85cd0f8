extension JSONValue {
    /// The value as JSON text: members sorted by name, no escaped slashes, the same bytes for equal values.
    ///
    /// Numbers that JSON cannot spell are written as the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, as Zarr
    /// does for fill values.
    /// Pretty text has one member or element a line, indented by two blanks.
    public func serialized(pretty: Bool = false) -> String {
        var serializer = JSONSerializer(pretty: pretty)
        serializer.write(self, depth: 0)
        return serializer.text
    }
}

private struct JSONSerializer {
    let pretty: Bool
    var text = ""

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .double(let value): write(value)
        case .string(let value): write(value)
        case .array(let elements):
            list(elements, opening: "[", closing: "]", depth: depth) { $0.write($1, depth: depth + 1) }
        case .object(let members):
            list(members.sorted { $0.key < $1.key }, opening: "{", closing: "}", depth: depth) { serializer, member in
                serializer.write(member.key)
                serializer.text += serializer.pretty ? ": " : ":"
                serializer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func list<Element>(
        _ elements: [Element],
        opening: String,
        closing: String,
        depth: Int,
        write: (inout JSONSerializer, Element) -> Void
    ) {
        text += opening
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            newLine(depth + 1)
            write(&self, element)
        }
        if !elements.isEmpty { newLine(depth) }
        text += closing
    }

    private mutating func newLine(_ depth: Int) {
        if pretty { text += "\n" + String(repeating: "  ", count: depth) }
    }

    private mutating func write(_ number: Double) {
        if number.isFinite {
            text += number.description
        } else {
            text += number.isNaN ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\""
        }
    }

    private mutating func write(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}":
                text += "\\u00" + [UInt8(scalar.value)].hexadecimal
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
