import DatacubeStorage
import Foundation
import TestSupport
import Testing

/// Where the file system lets files share blocks, staging within it copies nothing.
@Suite(.enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct SharedBlocksTests {
    @Test(.enabled(if: MountedDisk.sharesBlocks, "needs root, a loop device and mkfs.xfs"))
    func stagingTakesNoSpace() throws {
        try Workspace.with { workspace in
            let folder = workspace.root + "/disk"
            let disk = try MountedDisk(xfs: folder, megabytes: 1000)
            defer { withExtendedLifetime(disk) {} }
            #expect(try Tool.run("/bin/cp", ["-r", Archive.shared().path(.cog), "\(folder)/network"]).status == 0)
            let size = try FileTree("\(folder)/network").statuses.values.reduce(0) { $0 + $1.size }
            let before = try FileSystem.freeBytes(at: folder)
            let result = try Tool.run(
                "nvme-stage",
                ["--formats", "cog"],
                ["DSLAB_S2L1C_NETWORK_COGS_PATH": "\(folder)/network", "DSLAB_S2L1C_TEMP_COGS_PATH": "\(folder)/temp"]
            )
            #expect(result.status == 0, "\(result.errors)")
            #expect(try FileTree("\(folder)/temp").differences(from: FileTree("\(folder)/network")) == [])
            #expect(try before - FileSystem.freeBytes(at: folder) < size / 10)
        }
    }
}
