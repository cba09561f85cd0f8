import DatacubeStorage
import Testing

@Suite struct XMLParserTests {
    private func parse(_ text: String) throws -> XMLElement { try XMLParser.parse(Array(text.utf8), name: "x.xml") }

    @Test func treeWithPrefixesAttributesAndText() throws {
        let root = try parse("<n:a xmlns:n='u'><b id='1'> x &amp; y </b><b id='2'><c/></b></n:a>")
        #expect(root.name == "a" && root.children("b").map { $0.attributes["id"] } == ["1", "2"])
        #expect(root.child("b")?.text == "x & y")
        #expect(root.descendant("b", "c") != nil && root.first("c") != nil && root.all("b").count == 2)
    }

    @Test(arguments: ["", "<a>", "<a></b>", "<a/><b/>", "\u{0}"])
    func malformedNamesFileAndLine(_ text: String) {
        #expect { try parse(text) } throws: { "\($0)".hasPrefix("corrupt: x.xml is not well-formed XML at line 1") }
    }

    @Test func entityExpansionIsRefused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>"
        #expect { try parse(bomb) } throws: { "\($0)".contains("document type declaration") }
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: "<a>", count: 5000) + String(repeating: "</a>", count: 5000)
        #expect { try parse(deep) } throws: { "\($0)".contains("nests elements more than") }
    }
}
