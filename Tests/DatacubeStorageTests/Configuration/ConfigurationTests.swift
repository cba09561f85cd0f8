import DatacubeStorage
import Testing

@Suite struct ConfigurationTests {
    private func dotenv(_ text: String, _ environment: [String: String] = [:]) throws -> [String: String] {
        try Dotenv(text: text, path: ".env", environment: environment).values
    }

    @Test func syntax() throws {
        let text = """
            # comment
            A=1
            export B = two words  # comment
            C="${A} and ${NONE:-nothing} and ${NONE:-${A}}"
            D='${A} #'
            E=${HOME}/x#y
            F=
            G=$A$
            """
        let values = try dotenv(text, ["HOME": "/home/u"])
        #expect(
            values == [
                "A": "1", "B": "two words", "C": "1 and nothing and 1", "D": "${A} #", "E": "/home/u/x#y", "F": "", "G": "1$",
            ])
    }

    @Test func theEnvironmentExpandsBeforeTheFile() throws {
        #expect(try dotenv("A=file\nB=${A}", ["A": "environment"])["B"] == "environment")
    }

    @Test(arguments: ["A", "1A=2", "A=${B", "A=${B:+c}", "A=\"b"])
    func nonsenseNamesItsLine(_ line: String) {
        #expect { try dotenv("\n\(line)") } throws: { "\($0)".hasPrefix("configuration: .env, line 2: ") }
    }

    @Test func precedence() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/my.env"
        let name = "DSLAB_S2L1C_NETWORK_COGS_PATH"
        try AtomicFile.write(Array("\(name)=/file/\nDSLAB_LOG_FOLDER=/file/results\n".utf8), to: path)
        let fromFile = try Configuration(environment: [name: ""], envFile: path)
        #expect(try fromFile.folder(.network, .cog) == "/file")
        #expect(fromFile.setting(.logFolder)?.value == "/file/results")
        #expect(fromFile.setting(.logFolder)?.origin == .file(path))
        let fromEnvironment = try Configuration(environment: [name: "/environment"], envFile: path)
        #expect(try fromEnvironment.folder(.network, .cog) == "/environment")
        #expect(try Configuration(environment: [:], envFile: nil).value(.logFolder) == "./results")
    }

    @Test func aMissingVariableIsNamedWithThePlacesToSetIt() throws {
        let configuration = try Configuration(environment: [:], envFile: nil)
        #expect { try configuration.folder(.temp, .zarr) } throws: {
            "\($0)" == "configuration: DSLAB_S2L1C_TEMP_ZARR_PATH (the folder for ZARR data on the node's own disk) "
                + "is not set; set it in the environment or in .env"
        }
        #expect { try Configuration(environment: [:], envFile: "/nowhere/.env") } throws: {
            "\($0)".contains("/nowhere/.env: it does not exist")
        }
    }

    @Test func secretsAreRedacted() {
        #expect(Redaction.shown("AWS_SECRET_ACCESS_KEY", "abc") == "[redacted]")
        #expect(Redaction.shown("HTTPS_PROXY", "http://user:pass@host:1") == "http://[redacted]@host:1")
        #expect(Redaction.shown("DSLAB_LOG_FOLDER", "/a@b") == "/a@b")
    }
}
