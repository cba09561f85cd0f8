import DatacubeStorage
import Testing

@Suite struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8), named: "test") }

    @Test(arguments: [
        ("null", JSONValue.null), (" true ", true), ("-12", -12), ("1.0", .double(1)), ("2e3", .double(2000)),
        ("9223372036854775807", .int(.max)), ("9223372036854775808", .double(9.223372036854775808e18)),
        (#""a\"\\\/\b\f\n\r\té\ud83d\ude00""#, "a\"\\/\u{8}\u{c}\n\r\té😀"),
        ("[]", .array([])), ("[1, [2], {}]", .array([1, [2], [:]])),
        (#"{"a": {"b": [true]}}"#, .object(["a": .object(["b": .array([true])])])),
        ("-Infinity", .double(-.infinity)),
    ])
    func parses(_ text: String, _ expected: JSONValue) throws {
        #expect(try parse(text) == expected)
    }

    @Test(arguments: [
        "", "{", "[1,]", "[1 2]", "{\"a\" 1}", "{a: 1}", "tru", "01", "1.", "+1", "1e", "\"a", "\"\\x\"", "\"\\ud800\"",
        "\"\u{1}\"", "[] []", "nullx",
    ])
    func refuses(_ text: String) {
        #expect(throws: PipelineError.self) { try parse(text) }
    }

    /// As an editor of Windows writes a plan.
    @Test func aByteOrderMarkAndLineEndsOfWindowsAreNoPartOfTheValue() throws {
        let text = "\u{FEFF}{\r\n  \"a\": 1\r\n}\r\n"
        #expect(try JSONValue(parsing: Array(text.utf8), named: "x") == ["a": 1])
    }

    @Test func refusesDeepNestingAndInvalidUTF8() {
        #expect(throws: PipelineError.self) { try parse(String(repeating: "[", count: 100_000)) }
        #expect(throws: PipelineError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22], named: "test") }
    }

    @Test func saysWhereItWentWrong() {
        let error = #expect(throws: PipelineError.self) { try parse("[1, x]") }
        #expect(error?.message == "test is not valid JSON: an unexpected character at byte 4 of 6")
    }

    @Test func serializesDeterministically() throws {
        let value: JSONValue = ["b": [1, 2.5, nil], "a/b": "x\"\n\u{1}/", "c": [:], "d": .double(.nan)]
        let text = #"{"a/b":"x\"\n\u0001/","b":[1,2.5,null],"c":{},"d":"NaN"}"#
        #expect(value.serialized() == text)
        let pretty: JSONValue = ["a": [1], "b": []]
        #expect(pretty.serialized(pretty: true) == "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}")
        #expect(try parse(pretty.serialized(pretty: true)) == pretty)
    }
}
