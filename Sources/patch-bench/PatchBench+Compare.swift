import ArgumentParser
import DatacubeStorage
import FoundationEssentials
import ToolCommandLine

extension PatchBench {
    struct Compare: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares times of the same rounds, as a run does, and prints JSON.",
            usage: "patch-bench compare [--help]",
            discussion: """
                Reads {"contenders": {"a": [s, s, …], "b": […]}, "baseline": "a"} from standard input, seconds of each \
                round, and prints for each pair the ratio b/a with its 95 % interval, p after Holm, and the verdict. \
                Without a baseline all pairs are compared.

                EXAMPLE
                  echo '{"contenders": {"a": [1, 2, 3, 2, 1], "b": [2, 4, 6, 4, 2]}}' | patch-bench compare

                \(exitStatusHelp)
                """
        )

        @OptionGroup var common: CommonOptions

        func run() async throws {
            await common.run("patch-bench", settings: { $0.options }) { _, _ in
                var text = ""
                while let line = readLine(strippingNewline: false) { text += line }
                print(try Contest(json: Data(text.utf8)).comparisonsJSON())
                return JobOutcome(finished: 1)
            }
        }
    }
}
