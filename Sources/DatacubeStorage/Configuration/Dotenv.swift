/// The variables of a `.env` file, read as bash reads it.
///
/// Lines are `NAME=value`, with `#` comments, quotes, backslashes, a leading `~`, `$NAME`, `${NAME}` and
/// `${NAME:-default}`. Whatever else means something to bash is an error.
///
/// Variables expand from the environment first, then from earlier lines of the file. Unlike in bash, one that is not
/// set or empty and has no default does not expand to nothing: the value that names it is an error, which concerns
/// only who asks for that value. `${NAME:-}` says that nothing is meant.
///
/// A value has at most 64 KiB, all together 1 MiB, so that lines that repeat one another cannot fill the memory.
public struct Dotenv: Sendable {
    /// A value, or what keeps it from having one.
    public typealias Value = Result<String, PipelineError>

    /// Values by name, expanded.
    public private(set) var values: [String: Value] = [:]
    private let environment: [String: String]
    private let path: String
    private var room = Self.largestFile

    private static let largestValue = 64 << 10
    private static let largestFile = 1 << 20

    /// Reads the bytes of a file: UTF-8, whatever its line ends, with a byte order mark or without.
    ///
    /// - Throws: `configuration` naming the file and the line that makes no sense.
    public init(_ bytes: [UInt8], path: String, environment: [String: String]) throws(PipelineError) {
        self.environment = environment
        self.path = path
        for (index, line) in try TextLines.text(bytes, path: path).enumerated() {
            try read(line, number: index + 1)
        }
    }

    /// Reads a file of at most 1 MiB.
    ///
    /// - Throws: `configuration` as above; `unreadable` or `unsupported` where it cannot be read or is larger.
    public init(path: String, environment: [String: String]) throws(PipelineError) {
        let bytes = try FileSystem.contents(of: path, limit: Self.largestFile)
        try self.init(bytes, path: path, environment: environment)
    }

    private mutating func read(_ text: String, number: Int) throws(PipelineError) {
        let place = "\(path), line \(number)"
        let line: DotenvLine?
        do { line = try DotenvLine(text) } catch { throw PipelineError(.configuration, "\(place): \(error.reason)") }
        guard let line else { return }
        var bytes: [UInt8] = []
        do throws(PipelineError) {
            try expand(line.word, into: &bytes, place: place)
            values[line.name] = .success(String(decoding: bytes, as: UTF8.self))
        } catch {
            values[line.name] = .failure(error)
        }
        room -= bytes.count
    }

    private func expand(_ word: DotenvWord, into bytes: inout [UInt8], place: String) throws(PipelineError) {
        for piece in word.pieces {
            switch piece {
            case .text(let text): try append(text, to: &bytes, place: place)
            case .home:
                guard let home = try lookUp("HOME") else {
                    throw PipelineError(.configuration, "\(place): HOME, which ~ stands for, is not set or empty")
                }
                try append(home.utf8, to: &bytes, place: place)
            case .variable(let name, let fallback):
                if let value = try lookUp(name) {
                    try append(value.utf8, to: &bytes, place: place)
                } else if let fallback {
                    try expand(fallback, into: &bytes, place: place)
                } else {
                    throw PipelineError(
                        .configuration,
                        "\(place): ${\(name)} is not set or empty; set it, or write ${\(name):-default} with a "
                            + "default, or ${\(name):-} where nothing is meant"
                    )
                }
            }
        }
    }

    // Nil where it is not set or empty; an error where an earlier line could not be expanded.
    private func lookUp(_ name: String) throws(PipelineError) -> String? {
        if let value = environment[name] { return value.isEmpty ? nil : value }
        guard let value = try values[name]?.get(), !value.isEmpty else { return nil }
        return value
    }

    private func append(
        _ text: some Collection<UInt8>,
        to bytes: inout [UInt8],
        place: String
    ) throws(PipelineError) {
        guard bytes.count + text.count <= Self.largestValue else {
            throw PipelineError(.configuration, "\(place): the value has more than 64 KiB")
        }
        guard bytes.count + text.count <= room else {
            throw PipelineError(.configuration, "\(place): the values of the file have more than 1 MiB together")
        }
        bytes.append(contentsOf: text)
    }
}
