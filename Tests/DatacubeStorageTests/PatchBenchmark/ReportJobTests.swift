import Testing

@testable import DatacubeStorage

/// Names that a results file brings from elsewhere.
@Suite struct HostileReportTests {
    private let table = ReportTable(
        ["name", "value"],
        rows: [["=HYPERLINK(\"x\")", "-1.5"], ["a|b <script>", "@x"], ["+2", "1e9"]]
    )

    @Test func noCellIsAFormula() {
        #expect(table.csv == "name,value\r\n\"'=HYPERLINK(\"\"x\"\")\",-1.5\r\na|b <script>,'@x\r\n+2,1e9\r\n")
    }

    @Test func noCellIsMarkup() {
        #expect(table.markdown.contains("a\\|b &lt;script>") && !table.markdown.contains("<script"))
        #expect(!table.html.contains("<script"))
    }

    @Test(arguments: [1e12, 1e300, .infinity, -1e300, .nan]) func anyNumberIsADuration(_ seconds: Double) {
        #expect(formatSeconds(seconds).hasSuffix(" s"))
    }
}
