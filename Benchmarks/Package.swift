// swift-tools-version: 6.2
import PackageDescription

// Measurements of parts, apart from the tools: `swift run -c release --package-path Benchmarks <name>`.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "datacube-storage-lab", path: "..")],
    targets: [
        .executableTarget(
            name: "decode-floor",
            dependencies: [.product(name: "DatacubeStorage", package: "datacube-storage-lab")]
        ),
        .executableTarget(
            name: "layout-sweep",
            dependencies: [.product(name: "DatacubeStorage", package: "datacube-storage-lab")]
        ),
    ],
    swiftLanguageModes: [.v6]
)
