import FoundationEssentials

/// Real Sentinel-2 files, found through `DSLAB_FIXTURES`; they are not part of the project.
enum Fixtures {
    static let root: String = {
        let here = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return ProcessInfo.processInfo.environment["DSLAB_FIXTURES"] ?? "/\(here)/../shared/fixtures"
    }()

    /// Whether they are there; tests that need them are skipped where they are not.
    static var exist: Bool { FileManager.default.fileExists(atPath: root + "/README.md") }

    static func path(_ relative: String) -> String { "\(root)/\(relative)" }

    static let realB01 =
        "safe/S2A_MSIL1C_20180101T105441_N0206_R051_T31TDH_20180101T124911.SAFE/GRANULE/"
        + "L1C_T31TDH_A013204_20180101T105435/IMG_DATA/T31TDH_20180101T105441_B01.jp2"
    static let completeSAFE = "safe/S2A_MSIL1C_20180629T000241_N0206_R030_T56JMM_20180629T012042.SAFE"
}

/// A folder for one test, removed when the test ends.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "dslab-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
