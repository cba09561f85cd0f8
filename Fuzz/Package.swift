// swift-tools-version: 6.2
import PackageDescription

// Parsers under libFuzzer and the address sanitizer; scripts/fuzz builds and runs them. Tests of this kind see what is
// internal to the library, so this is a debug build.
let package = Package(
    name: "Fuzz",
    dependencies: [
        .package(name: "datacube-storage-lab", path: ".."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .systemLibrary(name: "COpenJPEGLibrary", pkgConfig: "libopenjp2", providers: [.apt(["libopenjp2-7-dev"])]),
        // In C and without the library's wrapper of OpenJPEG, so that it does not share its weaknesses.
        .target(name: "CReferenceDecoder", dependencies: ["COpenJPEGLibrary"]),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CReferenceDecoder", .product(name: "DatacubeStorage", package: "datacube-storage-lab"),
                .product(name: "Logging", package: "swift-log"),
            ],
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]
        ),
    ],
    swiftLanguageModes: [.v6]
)
