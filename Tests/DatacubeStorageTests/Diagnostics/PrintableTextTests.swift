import Testing

@testable import DatacubeStorage

@Suite struct PrintableTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("two\nlines", "two lines"), ("dos\r\nline", "dos line"), ("a\n\n\nb", "a b"),
        ("\u{1B}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"), ("nul\0", "nul\\u{0}"), ("tab\tstop", "tab\\u{9}stop"),
        ("right\u{202E}left", "right\\u{202e}left"), ("\u{9B}2J", "\\u{9b}2J"), ("Hämeenlinna 衛星", "Hämeenlinna 衛星"),
        ("line\u{2028}separator", "line separator"), ("zero\u{200B}width", "zero\\u{200b}width"),
    ])
    func oneLineThatATerminalDoesNotObey(_ text: String, _ line: String) {
        #expect(PrintableText.line(text) == line)
        let error = PipelineError(.corrupt, text, cause: text)
        #expect(error.description == "corrupt: \(line) (\(line))")
    }

    @Test func longTextIsCut() {
        #expect(PrintableText.line(String(repeating: "x", count: 5), limit: 3) == "xxx…")
        #expect(PrintableText.line(String(repeating: "ä", count: 3), limit: 3) == "äää")
        #expect(PipelineError(.corrupt, "m", cause: String(repeating: "c", count: 9999)).description.utf8.count < 600)
    }

    @Test func signaturesAreLeftOut() {
        let header = "AWS4-HMAC-SHA256 Credential=K/20240611/r/s3/aws4_request, SignedHeaders=host, Signature=0123abcd"
        for text in [header, "?X-Amz-Signature=0123ABCD&x=y"] {
            #expect(!PrintableText.line(text).lowercased().contains("0123abcd"))
        }
    }

    @Test func secretsAreLeftOutHoweverTheyComeBack() {
        let token = "FwoGZXIvYXdzEJr//////////wEaD+test=="
        _ = S3Credentials(accessKey: "AKIAPUBLIC", secretKey: "wJalr/secret+of-test", sessionToken: token)
        for echo in [
            token, "x-amz-security-token: \(token)\r\n",
            "t=FwoGZXIvYXdzEJr%2F%2F%2F%2F%2F%2F%2F%2F%2F%2FwEaD%2Btest%3D%3D",
        ] {
            let error = PipelineError(.denied, "refused: \(echo)", cause: "AKIAPUBLIC wJalr/secret+of-test \(echo)")
            #expect(!error.description.contains("FwoGZX") && !error.description.contains("wJalr"))
            #expect(error.description.contains("[redacted]") && error.description.contains("AKIAPUBLIC"))
        }
    }
}
