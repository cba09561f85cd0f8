import TestSupport
import Testing

@testable import DatacubeStorage

/// The documents above and of a cube, in a new store and in one that an earlier version wrote.
@Suite struct StoreMetadataTests {
    private static let above = ["zarr.json", "35VLH/zarr.json", "35VLH/2024/zarr.json"]

    @Test func everyAncestorIsAGroupThatListsNothing() async throws {
        try await withStore { store, _ in
            for key in Self.above {
                let document = try #require(try store.get(key), "\(key)")
                let group = try GroupMetadata(json: JSONValue(parsing: document, named: key))
                #expect(group == GroupMetadata())
            }
            for resolution in Resolution.allCases {
                let group = try #require(try ZarrGroup.open(store: store, path: "35VLH/2024/\(resolution.name)"))
                let listed = try store.children(of: "35VLH/2024/\(resolution.name)/").filter { $0 != "zarr.json" }
                #expect(Set(group.arrays.keys) == Set(listed))
            }
        }
    }

    /// Empty listings above the cubes, no root, a cube that says where it lies in objects.
    @Test func aStoreOfAnEarlierVersionIsMendedByTheNextRun() async throws {
        try await withStore { store, run in
            let expected = try FileTree(store.root)
            let old = Array(
                #"{"attributes":{},"consolidated_metadata":{"kind":"inline","metadata":{},"must_understand":false},"node_type":"group","zarr_format":3}"#
                    .utf8
            )
            for key in Self.above.dropFirst() { try store.put(key, old, durability: .deferred) }
            try store.delete("zarr.json")
            let key = "35VLH/2024/20m/zarr.json"
            let text = String(decoding: try #require(try store.get(key)), as: UTF8.self)
            let older = text.replacing(
                #""grid_mapping": "spatial_ref","#,
                with: #""grid_mapping": "spatial_ref", "_CRS": {"url": "x"},"#
            )
            #expect(older != text)
            try store.put(key, Array(older.utf8), durability: .deferred)
            #expect(try FileTree(store.root).differences(from: expected).count == 4)
            #expect(try await run() == JobOutcome(skipped: 2))
            #expect(try FileTree(store.root).differences(from: expected) == [])
            let mended = try FileTree(store.root)
            #expect(try await run() == JobOutcome(skipped: 2))
            #expect(try FileTree(store.root).rewritten(since: mended) == [])
        }
    }

    @Test func attributesThatSomebodyGaveAGroupStay() async throws {
        try await withStore { store, run in
            let own = GroupMetadata(attributes: ["licence": "CC-BY"], consolidated: ["2023": .object([:])])
            try store.put("35VLH/zarr.json", own.document, durability: .deferred)
            #expect(try await run() == JobOutcome(skipped: 2))
            let kept = try #require(try store.get("35VLH/zarr.json"))
            #expect(
                try GroupMetadata(json: JSONValue(parsing: kept, named: ""))
                    == GroupMetadata(attributes: own.attributes)
            )
        }
    }

    @Test func anArrayInPlaceOfAGroupIsNamed() async throws {
        try await withStore { store, run in
            try store.put("zarr.json", Array(#"{"zarr_format":3,"node_type":"array"}"#.utf8), durability: .deferred)
            let outcome = try await run()
            #expect(outcome.status != .done)
            #expect(outcome.failures.allSatisfy { $0.contains("\(store)/zarr.json is no group's") })
        }
    }

    private func withStore(_ body: (LocalStore, () async throws -> JobOutcome) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link([0, 1], below: safe)
            #expect(try await Converter.zarr.run(from: safe, to: made) == JobOutcome(finished: 2))
            try await body(LocalStore(root: made)) { try await Converter.zarr.run(from: safe, to: made) }
        }
    }
}

/// A document that says anything makes an error, never a crash or an allocation of its size.
@Suite struct HostileCubeTests {
    @Test(
        arguments: ["product_id", "time", "view_zenith", "data"],
        ["4294967296", "9223372036854775807", "17569", "1"]
    )
    func shapesThatDoNotFitAreRefused(_ name: String, _ length: String) async throws {
        try await withTemporaryDirectory { directory in
            try await SyntheticArchive.link([0, 1], below: directory + "/safe")
            _ = try await Converter.zarr.run(from: directory + "/safe", to: directory + "/zarr")
            let store = LocalStore(root: directory + "/zarr")
            let key = "35VLH/2024/60m/zarr.json"
            let document = try JSONValue(parsing: try #require(try store.get(key)), named: key)
            var text = document.serialized()
            let shape = try #require(document["consolidated_metadata"]?["metadata"]?[name]?["shape"]).serialized()
            let start = try #require(text.firstRange(of: "\"\(name)\":{")).upperBound
            let range = try #require(text[start...].firstRange(of: "\"shape\":" + shape))
            text.replaceSubrange(range, with: "\"shape\":[" + length + shape.dropFirst(2))
            try store.put(key, Array(text.utf8), durability: .deferred)
            let error = #expect(throws: PipelineError.self) { try Cube.open(store, path: "35VLH/2024/60m") }
            #expect(error?.message.contains("35VLH/2024/60m") == true)
        }
    }

    @Test func timesThatDoNotAscendAreRefused() async throws {
        try await withTemporaryDirectory { directory in
            try await SyntheticArchive.link([0, 1], below: directory + "/safe")
            _ = try await Converter.zarr.run(from: directory + "/safe", to: directory + "/zarr")
            let store = LocalStore(root: directory + "/zarr")
            let time = try ZarrArray.open(store: store, path: "35VLH/2024/60m/time")
            for times in [[Int64.max - 1, .max], [2, 1], [1, 1], [.min, 0]] {
                try time.writeAll(times)
                let error = #expect(throws: PipelineError.self) { try Cube.open(store, path: "35VLH/2024/60m") }
                #expect(error?.message.contains("time does not ascend") == true)
            }
        }
    }
}
