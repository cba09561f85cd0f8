// swift-tools-version: 6.2
import PackageDescription

// Measurements of parts, apart from the tools: `swift run -c release --package-path Benchmarks <name>`.
let library: Target.Dependency = .product(name: "DatacubeStorage", package: "datacube-storage-lab")

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "datacube-storage-lab", path: ".."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .executableTarget(name: "decode-floor", dependencies: [library]),
        .executableTarget(name: "jp2-decode", dependencies: [library]),
        .executableTarget(
            name: "layout-sweep",
            dependencies: [library, .product(name: "Logging", package: "swift-log")]
        ),
        .executableTarget(name: "micro", dependencies: [library]),
        .executableTarget(name: "encode-floor", dependencies: [library, "CTileEncoder"]),
        .target(name: "CTileEncoder", linkerSettings: [.linkedLibrary("zstd")]),
        .executableTarget(name: "link-proxy"),
        // In C and without the library, so that it does not share its weaknesses.
        .executableTarget(
            name: "patch-ceiling",
            linkerSettings: ["blosc", "zstd", "deflate"].map { .linkedLibrary($0) }
        ),
    ],
    swiftLanguageModes: [.v6]
)
