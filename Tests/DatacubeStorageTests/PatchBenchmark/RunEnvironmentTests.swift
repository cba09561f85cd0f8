import FoundationEssentials
import Testing

@testable import DatacubeStorage

@Suite struct RunEnvironmentTests {
    @Test func thisMachineIsDescribed() throws {
        let environment = RunEnvironment.current(folders: ["/", "/proc"])
        #expect(environment.fileSystems["/proc"] == "proc" && environment.mounts?["/proc"]?.mount == "/proc")
        #expect(environment.libraries?["Zstandard"]?.contains(".") == true && environment.libraries?.count == 8)
        #expect(environment.command?.isEmpty == false && environment.command?[0].contains("/") == false)
        #expect((0...1).contains(try #require(environment.busyBefore)))
        #expect(try #require(environment.loadAverage) >= 0)
        let copy = try JSONDecoder().decode(RunEnvironment.self, from: JSONEncoder().encode(environment))
        #expect(copy.mounts == environment.mounts && copy.libraries == environment.libraries)
    }

    @Test func filesOfOlderVersionsAreRead() throws {
        let text = #"{"host":"h","system":"s","processor":"p","processors":2,"memory":1,"file_systems":{"/":"ext4"}}"#
        let environment = try JSONDecoder().decode(RunEnvironment.self, from: Data(text.utf8))
        #expect(environment.command == nil && environment.mounts == nil && environment.fileSystems == ["/": "ext4"])
    }

    @Test func theDeepestMountHoldsAFolder() throws {
        let mounts = Mounts([
            "22 1 0:20 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/x",
            "23 22 0:21 / /proc rw,nosuid shared:2 - tmpfs old rw",
            "24 22 0:22 / /proc rw,nosuid - proc proc rw,hidepid=2",
            "bad line", "25 22 0:23 / /process rw - ext4 /dev/sdz",
        ])
        let folder = try #require(mounts.holder(of: "/proc"))
        #expect(folder.type == "proc" && folder.device == "proc" && folder.options == "rw,nosuid,rw,hidepid=2")
        #expect(mounts.holder(of: "/nowhere")?.type == "overlay")
    }

    @Test func aControlGroupHasTheLimitsOfThoseAboveIt() {
        #expect(
            MemoryLimit.files("0::/slurm/job_1")
                == ["", "/slurm", "/slurm/job_1"].map { "/sys/fs/cgroup\($0)/memory.max" }
        )
        #expect(MemoryLimit.files("4:memory:/") == ["/sys/fs/cgroup/memory/memory.limit_in_bytes"])
        #expect(MemoryLimit.files("5:cpu,cpuacct:/x").isEmpty && MemoryLimit.files("?").isEmpty)
    }
}
