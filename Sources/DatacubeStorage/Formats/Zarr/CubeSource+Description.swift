extension CubeSource {
    /// Reads the coordinates; opening the cubes took what is recorded of dates.
    func description(on executor: BlockingExecutor) async throws -> UnitDescription {
        try await executor.run {
            var dates: [String: [Statement]] = [:]
            for (resolution, cube) in cubes.sorted(by: { $0.key < $1.key }) {
                let said = try CubeStatements(cube, resolution: resolution)
                for (date, step) in said.steps.enumerated() {
                    dates[step.productIdentifier, default: []] += said.statements(ofDate: date)
                }
            }
            // Of its products a cube keeps the names, not the datastrips.
            let products = identifiers.compactMap { try? ProductName($0) }
                .map { HeldProduct(name: $0, datastrip: nil, state: .used) }
            return UnitDescription(products: products, dates: dates)
        }
    }
}

/// What the variables and attributes of one resolution's cube say.
private struct CubeStatements {
    let steps: [TimeStep]
    private let cube: Cube
    private let resolution: Resolution
    private let ofAllDates: [Statement]
    private let ofFirstDate: Statement

    init(_ cube: Cube, resolution: Resolution) throws {
        (self.cube, self.resolution) = (cube, resolution)
        steps = TimeStep.joiningSeparatedTimes(cube.steps)
        let coordinates = CubeCoordinateStatements(cube, resolution: resolution)
        ofAllDates = try coordinates.all()
        ofFirstDate = try coordinates.wavelengths()
    }

    func statements(ofDate date: Int) -> [Statement] {
        let recorded = TimeColumn.compared.map { column in
            Statement(
                column,
                of: steps[date],
                at: resolution,
                in: "\(resolution.name)/\(column.name)",
                note: unexpectedUnits(of: column)
            )
        }
        return recorded + ofAllDates + (date == 0 ? [ofFirstDate] : [])
    }

    /// The same number in other units is another value.
    private func unexpectedUnits(of column: TimeColumn) -> String {
        let found = cube.group.arrays[column.name]?.attributes["units"]?.stringValue
        guard found != column.attributes["units"]?.stringValue else { return "" }
        return found.map { " in \($0)" } ?? " without units"
    }
}

/// What a cube says of its bands and of where its pixels lie.
private struct CubeCoordinateStatements {
    private let cube: Cube
    private let resolution: Resolution

    init(_ cube: Cube, resolution: Resolution) { (self.cube, self.resolution) = (cube, resolution) }

    func all() throws -> [Statement] {
        let noData = cube.noData.map { "\($0)" } ?? Statement.absent
        return try [
            statement("band") { try $0.readAllStrings().joined(separator: " ") },
            statement("x") { try PixelAxis(centres: $0.readAll(Double.self)).text },
            statement("y") { try PixelAxis(centres: $0.readAll(Double.self)).text },
            .noData(noData, at: resolution, in: origin("data, nodata")),
        ] + placements
    }

    /// Those of the first date's product.
    func wavelengths() throws -> Statement {
        guard cube.group.arrays["wavelength"] != nil else {
            return .wavelengths([], at: resolution, in: origin("wavelength"))
        }
        return try statement("wavelength") { try $0.readAll(Double.self).map { "\($0)" }.joined(separator: " ") }
    }

    private func origin(_ name: String) -> String { "\(resolution.name)/\(name)" }

    /// What the array of a name says; one that cannot be read says so.
    private func statement(_ name: String, _ read: (ZarrArray) throws -> String) throws -> Statement {
        guard cube.group.arrays[name] != nil else {
            return Statement(name, at: resolution, Statement.absent, in: origin(name))
        }
        let text =
            switch try PipelineError.result(of: { try read(cube.group.array(name)) }) {
            case .success(let text): text
            case .failure(let error): "not readable (\(error.message))"
            }
        return Statement(name, at: resolution, text, in: origin(name))
    }

    private var placements: [Statement] {
        cube.systems.map { name, code in
            Statement("CRS", at: resolution, code ?? Statement.absent, in: origin(name))
        }
            + cube.placements.flatMap { said in
                Statement.axes(
                    said.transform,
                    width: said.width,
                    height: said.height,
                    at: resolution,
                    in: origin(said.name)
                )
            }
    }
}
