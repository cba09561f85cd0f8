// swift-tools-version: 6.2
import PackageDescription

// The macros of Swift Testing do not compile under strict memory safety, so tests go without it.
let testSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]
let settings = testSettings + [.strictMemorySafety()]

// Tests decode millions of pixels; without optimisation that takes a hundred times as long.
let optimizedWhenDebugging: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
let optimizedCWhenDebugging: [CSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]

// Swift's usual linker on Linux, gold, warns of a function in Swift's own library, once for each tool.
let linkedByLLD: [LinkerSetting] = [.unsafeFlags(["-use-ld=lld"], .when(platforms: [.linux]))]

// `--static-swift-stdlib` means executables only; those who load the library have no Swift.
let holdingSwift: [LinkerSetting] = [
    .unsafeFlags(["-static-stdlib"], .when(platforms: [.linux], configuration: .release))
]

/// One executable per module of the pipeline; each is a single file over the library.
func tool(_ name: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: [
            "DatacubeStorage",
            "ToolCommandLine",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: settings,
        linkerSettings: linkedByLLD
    )
}

let tools = [
    "s2-intake", "s2-intake-year", "s2-synth", "safe2cog", "safe2zarr", "s3-mirror", "nvme-stage", "patch-bench",
    "s2-status",
]

let package = Package(
    name: "datacube-storage-lab",
    products: [
        .library(name: "DatacubeStorage", targets: ["DatacubeStorage"]),
        // For C and Python: `libdatacube.so`; the header is Sources/CDatacube/include/datacube.h.
        .library(name: "datacube", type: .dynamic, targets: ["Datacube"]),
    ]
        + tools.map { .executable(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .systemLibrary(name: "COpenJPEG", pkgConfig: "libopenjp2", providers: [.apt(["libopenjp2-7-dev"])]),
        .systemLibrary(name: "CBlosc", pkgConfig: "blosc", providers: [.apt(["libblosc-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .target(name: "CGDAL"),
        .target(name: "CSystem"),
        .target(name: "CBitShuffle"),
        .target(name: "CChecksum"),
        .target(name: "CCodeBlock", cSettings: optimizedCWhenDebugging),
        .target(name: "CDatacube"),
        .target(
            name: "DatacubeStorage",
            dependencies: [
                "CGDAL", "COpenJPEG", "CBlosc", "CZstd", "CDeflate", "CCrypto", "CCurl", "CExpat", "CSystem",
                "CBitShuffle", "CChecksum", "CCodeBlock",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings + optimizedWhenDebugging
        ),
        .target(
            name: "Datacube",
            dependencies: ["CDatacube", "DatacubeStorage"],
            swiftSettings: settings,
            linkerSettings: linkedByLLD + holdingSwift
        ),
        .target(
            name: "ToolCommandLine",
            dependencies: [
                "DatacubeStorage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DatacubeStorageTests",
            dependencies: ["DatacubeStorage", "TestSupport", .product(name: "Logging", package: "swift-log")],
            swiftSettings: testSettings
        ),
        // Runs the built tools; scripts/test-integration says where they are.
        .testTarget(
            name: "IntegrationTests",
            dependencies: ["DatacubeStorage", "TestSupport", .product(name: "Logging", package: "swift-log")],
            swiftSettings: testSettings
        ),
        .target(
            name: "TestSupport",
            dependencies: ["DatacubeStorage"],
            path: "Tests/TestSupport",
            swiftSettings: testSettings
        ),
    ] + tools.map(tool),
    swiftLanguageModes: [.v6]
)
