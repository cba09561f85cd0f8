import DatacubeStorage
import Testing

@Suite struct ConfigurationTests {
    private func configuration(_ text: String, _ environment: [String: String] = [:]) throws -> Configuration {
        try withTemporaryDirectory { folder in
            try AtomicFile.write(Array(text.utf8), to: folder + "/my.env")
            return try Configuration(environment: environment, envFile: folder + "/my.env")
        }
    }

    @Test func precedence() throws {
        let name = "DSLAB_S2L1C_NETWORK_COGS_PATH"
        let text = "\(name)=/file/\nDSLAB_LOG_FOLDER=/file/results\n"
        let fromFile = try configuration(text, [name: ""])
        #expect(try fromFile.folder(.network, .cog) == "/file")
        #expect(try fromFile.setting(.logFolder)?.value == "/file/results")
        guard case .file(let path)? = try fromFile.setting(.logFolder)?.origin else { throw Failure() }
        #expect(path.hasSuffix("/my.env"))
        let fromEnvironment = try configuration(text, [name: "/environment"])
        #expect(try fromEnvironment.folder(.network, .cog) == "/environment")
        #expect(try Configuration(environment: [:], envFile: nil).value(.logFolder) == "./results")
    }

    private struct Failure: Error {}

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

    @Test func allMissingVariablesAreNamedAtOnce() throws {
        let configuration = try configuration(
            "DSLAB_S2L1C_S3_COGS_BUCKET=cogs\n",
            ["DSLAB_S2L1C_TEMP_SAFE_PATH": "/safe"]
        )
        let variables = [Storage.temp, .s3].flatMap { Variable.places($0, [.safe, .cog]) }
        #expect { try configuration.require(variables) } throws: {
            let words = "\($0)".split(separator: " ")
            let names = words.filter { $0.hasPrefix("DSLAB_") }
            return names == ["DSLAB_S2L1C_TEMP_COGS_PATH", "DSLAB_S2L1C_S3_PROFILE", "DSLAB_S2L1C_S3_SAFE_BUCKET"]
                && "\($0)".contains(" are not set; set them in ")
        }
        try configuration.require([.place(.temp, .safe), .place(.s3, .cog), .logFolder])
    }

    /// The reference's present version says COG where these tools say COGS.
    @Test(arguments: [
        (Storage.network, "NETWORK_COG_PATH", "NETWORK_COGS_PATH"), (.s3, "S3_COG_BUCKET", "S3_COGS_BUCKET"),
    ])
    func aNameOfTheReferenceIsRecognised(_ storage: Storage, _ theirs: String, _ ours: String) throws {
        let hint = "; DSLAB_S2L1C_\(theirs) is set, but the name here is DSLAB_S2L1C_\(ours)"
        for configuration in [
            try configuration("DSLAB_S2L1C_\(theirs)=/cog"), try configuration("", ["DSLAB_S2L1C_\(theirs)": "/cog"]),
        ] {
            #expect { try configuration.value(.place(storage, .cog)) } throws: { "\($0)".hasSuffix(hint) }
            #expect { try configuration.value(.place(storage, .zarr)) } throws: { !"\($0)".contains(theirs) }
        }
    }

    /// An error of the tool that uses the value, and never the root of the file system instead.
    @Test func aValueMadeOfAnUnsetVariableIsAnErrorWhereItIsUsed() throws {
        let text =
            "DSLAB_S2L1C_TEMP_SAFE_PATH=${LOCAL_SCRATCH}/x\nDSLAB_S2L1C_TEMP_COGS_PATH=/cogs\nDSLAB_LOG_FOLDER=$NO\n"
        let unset = try configuration(text)
        #expect(try unset.folder(.temp, .cog) == "/cogs")
        #expect { try unset.folder(.temp, .safe) } throws: {
            "\($0)".hasPrefix("configuration: DSLAB_S2L1C_TEMP_SAFE_PATH: ")
                && "\($0)".contains("my.env, line 1: ${LOCAL_SCRATCH} is not set or empty; ")
        }
        #expect { try unset.value(.logFolder) } throws: { "\($0)".contains("line 3: ${NO}") }
        #expect { try unset.require([.place(.temp, .safe)]) } throws: { "\($0)".contains("${LOCAL_SCRATCH:-default}") }
        #expect(
            unset.summary().contains { $0.hasPrefix("DSLAB_S2L1C_TEMP_SAFE_PATH: ") && $0.contains("LOCAL_SCRATCH") }
        )
        #expect(try configuration(text, ["LOCAL_SCRATCH": "/disk"]).folder(.temp, .safe) == "/disk/x")
        #expect { try configuration(text, ["LOCAL_SCRATCH": ""]).folder(.temp, .safe) } throws: {
            "\($0)".contains("line 1")
        }
    }

    /// As a script with the line ends of Windows exports them.
    @Test func controlCharactersInTheEnvironmentAreRefused() throws {
        let exported = try configuration("", ["DSLAB_LOG_FOLDER": "/results\r"])
        let filledIn = try configuration("DSLAB_LOG_FOLDER=${ROOT}/results", ["ROOT": "/scratch\r"])
        for configuration in [exported, filledIn] {
            #expect { try configuration.value(.logFolder) } throws: {
                "\($0)".contains("the value of DSLAB_LOG_FOLDER has control characters")
            }
        }
    }

    @Test func secretsAreRedacted() {
        #expect(Redaction.shown("AWS_SECRET_ACCESS_KEY", "abc") == "[redacted]")
        #expect(Redaction.shown("HTTPS_PROXY", "http://user:pass@host:1") == "http://[redacted]@host:1")
        #expect(Redaction.shown("DSLAB_LOG_FOLDER", "/a@b") == "/a@b")
    }

    /// `sbatch --export` and lists of containers hand values over as they stand.
    @Test(arguments: ["${LOCAL_SCRATCH}/x", "~/zarr", "~", "/data/${USER}"])
    func whatNoShellFilledInIsRefused(_ value: String) throws {
        let name = "DSLAB_S2L1C_TEMP_ZARR_PATH"
        let configuration = try Configuration(environment: [name: value], envFile: nil)
        let error = #expect(throws: PipelineError.self) { try configuration.folder(.temp, .zarr) }
        #expect(error?.code == .configuration && error?.message.contains("\(name) is \(value)") == true)
    }
}
