import DatacubeStorage
import Foundation
import TestSupport
import Testing

/// Files of the AWS tools, read beside botocore.
@Suite(.enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct AWSFilesTests {
    /// The table of the unit tests is what this botocore says.
    @Test func theTableIsBotocores() throws {
        let made = try Tool.check("aws_files.py")
        #expect(made.status == 0, "\(made.errors)")
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Interoperability/aws_files.json"
        )
        #expect(try made.output == String(contentsOf: url.standardizedFileURL, encoding: .utf8))
    }

    @Test(arguments: 1...4)
    func filesOfChanceAreReadAsBotocoreReadsThem(_ seed: Int) throws {
        let made = try Tool.check("aws_files.py", "\(seed)", "250")
        #expect(made.status == 0, "\(made.errors)")
        try Workspace.with { workspace in
            let cases = try AWSFileCase.table(made.output.utf8)
            let differences = try cases.compactMap { try $0.difference(in: workspace.root) }
            #expect(cases.count == 250)
            #expect(differences == [])
        }
    }
}
