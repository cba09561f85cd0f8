import DatacubeStorage
import Testing

@Suite struct DotenvTests {
    private static let environment = ["HOME": "/home/u", "SET": "env", "EMPTY": ""]

    private func dotenv(_ text: String, _ environment: [String: String] = environment) throws -> Dotenv {
        try Dotenv(Array(text.utf8), path: ".env", environment: environment)
    }

    private func value(_ text: String, _ environment: [String: String] = environment) throws -> String? {
        try dotenv(text, environment).values["A"]?.get()
    }

    /// Lines that set `A`, and how bash reads them.
    @Test func aValueIsWhatBashMakesOfIt() throws {
        let lines = [
            "A=1", "A=", "export A=1", "  export\tA=1  ", "\tA=b", "A=a=b", "A=a#b", "A=#b", "A= # c", "A=a # c",
            "A=a\t#c",
            #"A="$SET"/zarr"#, #"A="/a\"b""#, "A='a'\"b\"c", "A='${SET} #'", #"A="two words"  # c"#, #"A=a\ b"#,
            #"A="a\b\"c\\d\$e\`f""#, #"A=\$SET\"\'"#, "A=''", "A=a''b", "A=\"a\tb\"", "A=é/x",
            "A=$SET", "A=${SET}x$SET/", "A=$SET-x.y", "A=$", "A=a$", "A=$/x", "A=$,b", "A=$%", #"A="a$""#,
            #"A="a$'b'""#, "A=${X:-z}", "A=${EMPTY:-z}", "A=${SET:-z}", "A=${X:-}", "A=${X:-$SET/${Y:-z}}",
            #"A=${X:-"a}b"}"#, "A=${X:-'a}b'}", #"A="${X:-'a'}""#, #"A="${X:-a\}b}""#, #"A=${X:-a\}b}"#, "A=${X:-{a}}",
            "A=${SET:-{a}}", "A=${X:-a b #c}", "A=${X:-a;b|c&d}", #"A=${X:-\$a\"b\q}"#, #"A="${X:-\$a\"b\q}""#,
            "A=${X:-a$}", #"A="${X:-a$}""#, "A=${X:- a  b }", "A=~", "A=~/x", "A=~/x:~", "A=a:~/b:~", "A=:~", "A=~:x",
            "A=a=~/b", "A=a~", #"A="x"~/y"#, #"A="x":~/y"#, #"A=~/"$SET"/b"#, "A=$SET:~/x", "A=$SET~", #"A="~/x""#,
            #"A=\~/x"#, #"A=a":"~"#, #"A=a\:~"#, "A=${X:-~/y}", "A=${X:-a:~}", #"A="${X:-~/y}""#, #"A="${X:-\~}""#,
            "A=x${X:-~}", #"A=${X:-"~"}"#, "export A=~/x", "A=*", "A={a,b}", "A=[a]?", "A=a!b", #"A="a!b""#,
            "A=a%b@c^d,e+f-g_h.i/j", #"A="$SET[0]""#, "B=b\nA=$B/${B:-c}", "# c\n\n   \nA=1", "A=1\nA=$A/2",
        ]
        try withTemporaryDirectory { folder in
            let expected = try Bash.values(ofA: lines, in: folder, Self.environment)
            try #require(expected.count == lines.count)
            for (line, expected) in zip(lines, expected) {
                let found = try? value(line)
                #expect(found == expected, "\(line)")
            }
        }
    }

    /// What would be shortened, taken literally, or run.
    @Test(arguments: [
        "A", "A b", "1A=2", "A =1", "A= 1", "A=two words", "A=1 B=2", "export A", "export A =1", "A+=1", "A[0]=1",
        "A-B=1", "A='b", "A=\"b", "A=${B", "A=${B:-", "A=${B:+c}", "A=${B-c}", "A=${B:?c}", "A=${#B}", "A=${!B}",
        "A=${B/c/d}", "A=${}", "A=${1}", "A=$1", "A=$$", "A=$?", "A=$@", "A=$(b)", "A=$((1))", "A=$[1]", "A=`b`",
        "A=\"`b`\"", "A=\"$(b)\"", "A=$'b'", "A=$\"b\"", "A=~u/x", "A=~+", "A=~$SET", "A=~\"/x\"", "A=a;b", "A=a&b",
        "A=a|b", "A=(a)", "A=a<b", "A=a>b", "A=a\\", "A=\"${X:-\"b\"}\"", "A=${X:-<(b)}", "A=a\u{B}", "A=\"a\u{0}\"",
        "set -a", ". other.env", "A=\u{1B}[0m", "unset A", "A=\"\(String(repeating: "${X:-", count: 100_000))",
    ])
    func whatIsNotUnderstoodIsAnErrorWithItsLine(_ line: String) {
        #expect { try dotenv("\n\(line)") } throws: {
            "\($0)".hasPrefix("configuration: .env, line 2: ") && ($0 as? PipelineError)?.code == .configuration
        }
    }

    /// Lines of random characters of the syntax: read as bash reads them, or refused.
    @Test(arguments: (1...4) as ClosedRange<UInt64>)
    func noLineIsReadOtherwiseThanByBash(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let parts = [
            "a", "/", "~", ":", "=", "#", " ", "\t", "'", "\"", "\\", "$", "{", "}", "${X:-", "${SET}", "$SET",
            "${SET:-",
            "-", ";", "|", "&", "<", ">", "(", ")", "`", "*", "é", "!", "%", "$(", "1", "}}", "\"\"",
        ]
        var lines: [String] = []
        while lines.count < 400 {
            let line =
                "A="
                + (0..<Int.random(in: 1...8, using: &random)).map { _ in
                    parts[Int.random(in: 0..<parts.count, using: &random)]
                }.joined()
            if (try? value(line)) != nil { lines.append(line) }
        }
        try withTemporaryDirectory { folder in
            for (line, expected) in zip(lines, try Bash.values(ofA: lines, in: folder, Self.environment)) {
                #expect(try value(line) == expected, "\(line)")
            }
        }
    }

    @Test(arguments: ["\n", "\r\n", "\r"], ["", "\u{FEFF}"])
    func filesOfAllEditorsAreReadAsMeant(_ end: String, _ mark: String) throws {
        let values = try dotenv(
            mark + ["# c", "A=/a", "", "export B=\"$A/b\"  # c", "C='c'", ""].joined(separator: end)
        ).values
        let found = try values.mapValues { try $0.get() }
        #expect(found == ["A": "/a", "B": "/a/b", "C": "c"])
        #expect { try dotenv(mark + ["A=1", "", "nonsense"].joined(separator: end)) } throws: {
            "\($0)".contains("line 3: ")
        }
    }

    @Test func textInOtherEncodingsIsRefused() {
        let utf16 = Array("A=/a\n".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for bytes in [[0xFF, 0xFE] + utf16, utf16, Array("A=1\nB=".utf8) + [0xE4]] {
            #expect { try Dotenv(bytes, path: ".env", environment: [:]) } throws: {
                "\($0)".contains("save the file as UTF-8")
            }
        }
    }

    /// Only for who asks for the value, and for values made of it.
    @Test(arguments: ["${SCRATCH}/x", "$SCRATCH", "\"${SCRATCH}/x\"", "${EMPTY}", "${X:-${SCRATCH}}", "${BEFORE}/x"])
    func aVariableThatIsNotSetIsAnErrorOfTheValue(_ text: String) throws {
        let values = try dotenv("BEFORE=\nB=1\nA=\(text)\nC=$A/c\nD=${A:-d}\nE=${SET:-$SCRATCH}").values
        #expect(try values["B"]?.get() == "1" && values["E"]?.get() == "env")
        for name in ["A", "C", "D"] {
            #expect { try values[name]?.get() } throws: {
                let words = "\($0)"
                return words.contains(".env, line 3: ${") && words.contains("is not set or empty")
                    && words.contains(":-default}")
            }
        }
        #expect { try value("\nA=~/x", [:]) } throws: { "\($0)".contains("line 2: HOME") }
    }

    @Test func theEnvironmentExpandsBeforeTheFile() throws {
        #expect(try value("B=file\nA=${B}", ["B": "environment"]) == "environment")
        #expect(try value("B=file\nA=${B:-d}", ["B": ""]) == "d")
    }

    @Test func valuesAreBounded() throws {
        let full = String(repeating: "x", count: 64 << 10)
        #expect(try value("A=\(full)")?.utf8.count == 64 << 10)
        #expect { try value("A=\(full)x") } throws: { "\($0)".contains("line 1: the value has more than 64 KiB") }
        let doubling = ["V0=0123456789"] + (1...60).map { "V\($0)=$V\($0 - 1)$V\($0 - 1)" } + ["B=b", "A=$V60"]
        let values = try dotenv(doubling.joined(separator: "\n")).values
        #expect(try values["V10"]?.get().utf8.count == 10240 && values["B"]?.get() == "b")
        #expect { try values["A"]?.get() } throws: { "\($0)".contains("line 14: the value has more than 64 KiB") }
        let many = try dotenv("A=\(full)\n" + (1...100_000).map { "V\($0)=$A\n" }.joined()).values
        let sizes = many.values.map { (try? $0.get().utf8.count) ?? 0 }
        #expect(sizes.reduce(0, +) == 1 << 20)
        #expect { try many["V100000"]?.get() } throws: { "\($0)".contains("more than 1 MiB together") }
    }
}
