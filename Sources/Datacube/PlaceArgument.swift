import CDatacube
import DatacubeStorage
import FoundationEssentials

/// A place as C names it.
struct PlaceArgument {
    let place: TileYearPlace

    /// - Throws: `configuration` where something that is needed is not named.
    init(_ pointer: UnsafePointer<datacube_place>?) throws(PipelineError) {
        guard let argument = unsafe pointer?.pointee else {
            throw PipelineError(.configuration, "there is no tile-year to open")
        }
        guard let tile = unsafe Self.text(argument.tile) else {
            throw PipelineError(.configuration, "say which tile to open")
        }
        let store: TileYearPlace.Store
        switch unsafe (Self.text(argument.store), Self.text(argument.storage)) {
        case (let path?, nil): store = .path(path)
        case (nil, let name?): store = .storage(name)
        default: throw PipelineError(.configuration, "say either a folder or bucket, or a storage")
        }
        var place = unsafe TileYearPlace(
            tile,
            year: Int(argument.year),
            in: store,
            format: Self.text(argument.format)
        )
        place.profile = unsafe Self.text(argument.profile)
        place.resolutions = try unsafe Self.resolutions(Self.text(argument.resolutions))
        place.threads = try Self.threads(unsafe argument.threads)
        self.place = place
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        let text = unsafe String(cString: pointer)
        return text.isEmpty ? nil : text
    }

    private static func resolutions(_ text: String?) throws(PipelineError) -> [Resolution] {
        var found: [Resolution] = []
        for name in (text ?? "").split(separator: ",") {
            guard let resolution = Resolution(name: String(name)) else {
                let names = Resolution.allCases.map(\.name).joined(separator: ", ")
                throw PipelineError(.configuration, "there is no resolution '\(name)'; there are \(names)")
            }
            found.append(resolution)
        }
        return found
    }

    // Each has a stack and takes its turns: more than that is a mistake.
    private static let mostThreads: Int32 = 1024

    private static func threads(_ count: Int32) throws(PipelineError) -> Int? {
        guard (0...mostThreads).contains(count) else {
            throw PipelineError(.configuration, "\(count) threads; give 1 to \(mostThreads)")
        }
        return count == 0 ? nil : Int(count)
    }
}

extension OpenTileYears {
    /// The variables are those of the process now.
    func startOpening(_ place: TileYearPlace) throws -> Int64 {
        try startOpening(place, environment: ProcessInfo.processInfo.environment)
    }
}
